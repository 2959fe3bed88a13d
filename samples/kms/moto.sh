#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A keyset under AWS KMS, on this machine and without AWS: moto answers in its place. A key is created, a keyset wrapped under
# it, a password sealed and opened, and then refused to another account by the key's encryption context. Needs a JDK 17 or
# later, Maven and Python 3 with venv; leaves nothing behind but moto, in the user's cache folder.
#
#   samples/kms/moto.sh
#
# PODSEAL=<path> uses that podseal instead of building one.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ -t 1 ]]; then bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; else bold='' green='' red='' plain=''; fi
step() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
proved() { printf '%s✔%s %s\n' "$green" "$plain" "$1"; }
fail() { printf '%s✘ %s%s\n' "$red" "$1" "$plain" >&2; exit 1; }

umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/podseal-moto.XXXXXX")
moto_pid=''
finish() {
  [[ -z $moto_pid ]] || { kill "$moto_pid" 2>/dev/null || true; wait "$moto_pid" 2>/dev/null || true; }
  rm -rf "$work"
}
trap finish EXIT

podseal=${PODSEAL-}
if [[ -z $podseal ]]; then
  step "Building podseal (the first time, Maven fetches what it needs)"
  mvn -B -ntp -Dstyle.color=never -DskipTests -Dmaven.javadoc.skip -Dmaven.source.skip -Dcyclonedx.skip \
    -pl secrets-cli -am package >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log" >&2; fail "The build failed."; }
  podseal=$PWD/secrets-cli/target/podseal/bin/podseal
fi

step "moto in the place of AWS KMS (the first time, pip installs it)"
moto=$(.ci/moto) || fail "moto could not be installed."
: >"$work/moto.log"
"$moto" -H 127.0.0.1 -p 0 >"$work/moto.log" 2>&1 &
moto_pid=$!
until url=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' "$work/moto.log"); do
  kill -0 "$moto_pid" 2>/dev/null || { cat "$work/moto.log" >&2; fail "moto did not start."; }
  sleep 0.2
done
echo "   │ $url"

# Credentials are looked for where every AWS tool looks for them; the endpoint is podseal's own setting.
export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing
export PODSEAL_KMS_AWS_ENDPOINT=$url

# What an administrator does with AWS's own tools: boto3, which came with moto.
kms() { "$(dirname "$moto")/python" - "$url" "$@"; }
create_key() {
  kms <<'PYTHON'
import boto3, sys
kms = boto3.client("kms", endpoint_url=sys.argv[1], region_name="eu-central-1")
print(kms.create_key(Description="podseal")["KeyMetadata"]["Arn"])
PYTHON
}

step "A key, and a keyset of payments/api wrapped under it"
kek=aws-kms://$(create_key)
echo "   │ $kek"
keyset=$work/api.keyset.json
"$podseal" keyset create --identity payments/api --kek "$kek" --out "$keyset" | sed 's/^/   │ /'
proved "this document is not secret: it opens only through that key"

step "A password, sealed and opened"
password=$(head -c 24 /dev/urandom | base64 | tr -d '\n')
token=$(printf %s "$password" | "$podseal" seal --keyset "$keyset" --kek "$kek" --item db-credentials/password)
cut -c1-100 <<<"$token" | sed 's/$/…/; s/^/   │ /'
open() { printf %s "$token" | "$podseal" open --keyset "$keyset" --kek "$1" --identity payments/api; }
[[ $(open "$kek") == "$password" ]] || fail "The value did not come back."
proved "the value came back"

step "What AWS KMS binds the keyset to is readable, in policies and in its log"
kms "${kek#aws-kms://}" "$keyset" <<'PYTHON'
import base64, boto3, json, sys
url, arn, document = sys.argv[1:]
kms = boto3.client("kms", endpoint_url=url, region_name="eu-central-1")
wrapped = json.load(open(document))["recipients"][0]["encryptedKeyset"]["encryptedKeyset"]
account = {
    "kubernetes-namespace": "payments",
    "kubernetes-service-account": "api",
    "podseal-trust-domain": "cluster.local",
}
def decrypt(context):
    return kms.decrypt(KeyId=arn, CiphertextBlob=base64.b64decode(wrapped), EncryptionContext=context)
print("   │", json.dumps(account))
assert decrypt(account)["KeyId"] == arn
try:
    decrypt({**account, "kubernetes-service-account": "web"})
    sys.exit("another account's context was accepted")
except kms.exceptions.InvalidCiphertextException:
    pass
PYTHON
proved "AWS KMS decrypts it under this context, and under no other"

step "The same document, passed off as another account's"
sed 's#sa/api"#sa/web"#' "$keyset" >"$work/web.keyset.json"
if printf %s "${token/payments\/api/payments/web}" \
  | "$podseal" open --keyset "$work/web.keyset.json" --kek "$kek" --identity payments/web 2>"$work/refusal"; then
  fail "payments/web was let in."
fi
fold -s -w 110 "$work/refusal" | sed 's/^/   │ /'
grep -q '^podseal: AUTHENTICATION: ' "$work/refusal" || fail "payments/web was refused for another reason."
proved "payments/web is refused by AWS KMS"

step "A second key, a new key inside the keyset, and the way back"
second=aws-kms://$(create_key)
"$podseal" keyset rewrap "$keyset" --kek "$kek" --to "$kek" --to "$second" >/dev/null
[[ $(open "$second") == "$password" ]] || fail "The second recipient does not open it."
proved "either key opens it: the second may live in another region"
key_id() { printf %s "$1" | "$podseal" inspect | sed -n 's/.*"keyId": *\([0-9]*\).*/\1/p'; }
both=(--kek "$kek" --kek "$second")
old=$(key_id "$token")
"$podseal" keyset rotate "$keyset" "${both[@]}" >/dev/null
[[ $(open "$kek") == "$password" ]] || fail "The old value does not open after the rotation."
token=$(printf %s "$password" | "$podseal" seal --keyset "$keyset" --kek "$second" --item db-credentials/password)
new=$(key_id "$token")
"$podseal" keyset promote "$keyset" "${both[@]}" --key "$old" >/dev/null
"$podseal" keyset promote "$keyset" "${both[@]}" --key "$new" >/dev/null
"$podseal" keyset retire "$keyset" "${both[@]}" --key "$old" >/dev/null
[[ $(open "$kek") == "$password" && $(open "$second") == "$password" ]] || fail "The new value does not open."
proved "rotated, promoted and retired, under both keys"

step "Searching everything that was written"
leaks=$(grep -rlaF -e "$password" -e "$(printf %s "$password" | base64 | tr -d '\n')" "$work" || true)
[[ -z $leaks ]] || fail "The password stands in: $leaks"
proved "the password is in no file"
