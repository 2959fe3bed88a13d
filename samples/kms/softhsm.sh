#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A keyset under a key that never leaves its PKCS#11 token: SoftHSM2 on this machine, in the place of an HSM. A token and a key
# are made, a keyset wrapped under it, a password sealed and opened, the keyset rotated and wrapped for a second key; a wrong
# PIN, another account and a lost token are refused.
# Needs a JDK 17 or later, Maven, SoftHSM2 and OpenSC (Debian: softhsm2, opensc); leaves nothing behind.
#
#   samples/kms/softhsm.sh
#
# PODSEAL=<path> uses that podseal instead of building one.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ -t 1 ]]; then bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; else bold='' green='' red='' plain=''; fi
step() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
proved() { printf '%s✔%s %s\n' "$green" "$plain" "$1"; }
fail() { printf '%s✘ %s%s\n' "$red" "$1" "$plain" >&2; exit 1; }

for program in softhsm2-util pkcs11-tool; do
  command -v "$program" >/dev/null || fail "There is no $program: install SoftHSM2 and OpenSC (Debian: softhsm2, opensc)."
done
module=''
for candidate in /usr/lib/softhsm /usr/lib64/softhsm /usr/lib64/pkcs11 /usr/local/lib/softhsm /opt/homebrew/lib/softhsm; do
  [[ -e $candidate/libsofthsm2.so ]] && { module=$candidate/libsofthsm2.so; break; }
done
[[ -n $module ]] || fail "SoftHSM2's library is in none of the usual places."

umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/podseal-softhsm.XXXXXX")
trap 'rm -rf "$work"' EXIT

podseal=${PODSEAL-}
if [[ -z $podseal ]]; then
  step "Building podseal (the first time, Maven fetches what it needs)"
  mvn -B -ntp -Dstyle.color=never -DskipTests -Dmaven.javadoc.skip -Dmaven.source.skip -Dcyclonedx.skip \
    -pl secrets-cli -am package >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log" >&2; fail "The build failed."; }
  rm "$work/build.log"
  podseal=$PWD/secrets-cli/target/podseal/bin/podseal
fi

step "A token, and a key that cannot be read out of it"
# SoftHSM finds its tokens by this, in whatever process loads it: applications need it too.
export SOFTHSM2_CONF=$work/softhsm2.conf
mkdir "$work/tokens"
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$work/tokens" >"$SOFTHSM2_CONF"
digits() { head -c 64 /dev/urandom | od -An -v -tu1 | tr -cd 0-9 | cut -c1-"$1"; }
pin=$(digits 10)
softhsm2-util --init-token --free --label podseal --pin "$pin" --so-pin "$(digits 10)" >/dev/null
create_key() {
  pkcs11-tool --module "$module" --token-label podseal --login --pin "$pin" \
    --keygen --key-type AES:32 --label "$1" --private --sensitive 2>/dev/null | sed 's/^/   │ /'
}
create_key podseal-kek

step "A keyset of payments/api, wrapped by the token"
printf '%s\n' "$pin" >"$work/pin"
export PODSEAL_KMS_PKCS11_MODULE=$module PODSEAL_KMS_PKCS11_PIN_FILE=$work/pin
keyset=$work/api.keyset.json
"$podseal" keyset create --identity payments/api --kek 'pkcs11:token=podseal;object=podseal-kek' --out "$keyset" \
  2>"$work/note" | sed 's/^/   │ /'
fold -s -w 110 "$work/note" | sed 's/^/   │ /'
kek=$(grep -o 'pkcs11:slot-id=[0-9]*;object=podseal-kek' "$work/note") || fail "The slot was not found."
"$podseal" keyset inspect "$keyset" | sed 's/^/   │ /'
proved "podseal.keks=$kek"

step "A password, sealed and opened"
password=$(head -c 24 /dev/urandom | base64 | tr -d '\n')
token=$(printf %s "$password" | "$podseal" seal --keyset "$keyset" --kek "$kek" --item db-credentials/password)
cut -c1-100 <<<"$token" | sed 's/$/…/; s/^/   │ /'
open() { printf %s "$token" | "$podseal" open --keyset "$keyset" --kek "${1-$kek}" --identity payments/api; }
[[ $(open) == "$password" ]] || fail "The value did not come back."
proved "the value came back"

step "A new key inside the keyset: staged, promoted, and the old one retired"
key_id() { printf %s "$1" | "$podseal" inspect | sed -n 's/.*"keyId": *\([0-9]*\).*/\1/p'; }
old=$(key_id "$token")
"$podseal" keyset rotate "$keyset" --kek "$kek" --stage 2>"$work/note" | sed 's/^/   │ /'
new=$(grep -o '[0-9][0-9]*' "$work/note" | tail -n 1)
[[ $(open) == "$password" ]] || fail "The old value does not open after the rotation."
"$podseal" keyset promote "$keyset" --kek "$kek" --key "$new" 2>&1 | sed 's/^/   │ /'
token=$(printf %s "$password" | "$podseal" seal --keyset "$keyset" --kek "$kek" --item db-credentials/password)
[[ $(key_id "$token") == "$new" && $new != "$old" ]] || fail "The new key does not seal."
"$podseal" keyset retire "$keyset" --kek "$kek" --key "$old" 2>&1 | sed 's/^/   │ /'
[[ $(open) == "$password" ]] || fail "The new value does not open."
proved "the value is sealed with key $new now, and key $old is gone"

step "A second key in the token, and the keyset wrapped for both"
create_key podseal-kek-2
second=${kek/podseal-kek/podseal-kek-2}
"$podseal" keyset rewrap "$keyset" --kek "$kek" --to "$kek" --to "$second" 2>&1 | sed 's/^/   │ /'
"$podseal" keyset inspect "$keyset" | sed 's/^/   │ /'
[[ $(open) == "$password" && $(open "$second") == "$password" ]] || fail "Not both keys open the value."
proved "either key opens it"

# Runs a command that has to be refused with that code.
refused() {
  local code=$1
  shift
  if "$@" >/dev/null 2>"$work/refusal"; then fail "It was not refused."; fi
  fold -s -w 110 "$work/refusal" | sed 's/^/   │ /'
  grep -q "^podseal: $code: " "$work/refusal" || fail "It was refused for another reason than $code."
}

step "A wrong PIN"
digits 10 >"$work/pin"
refused KMS_DENIED open
printf '%s\n' "$pin" >"$work/pin"
proved "a process tries a PIN that was refused once, and no more, so it does not lock the token"

step "The same document, passed off as another account's"
sed 's#sa/api"#sa/web"#' "$keyset" >"$work/web.keyset.json"
open_as_web() {
  printf %s "${token/payments\/api/payments/web}" \
    | "$podseal" open --keyset "$work/web.keyset.json" --kek "$kek" --identity payments/web
}
refused AUTHENTICATION open_as_web
proved "payments/web is refused by the token"

step "Without the token"
mv "$work/tokens" "$work/away"
mkdir "$work/tokens"
refused CONFIGURATION open
rmdir "$work/tokens"
mv "$work/away" "$work/tokens"
[[ $(open) == "$password" ]] || fail "The value did not come back."
proved "nothing opens without the token, and everything once it is back"

step "Searching everything that was written"
rm "$work/pin"
leaks=$(grep -rlaF -e "$password" -e "$(printf %s "$password" | base64 | tr -d '\n')" -e "$pin" "$work" || true)
[[ -z $leaks ]] || fail "The password or the PIN stands in: $leaks"
proved "neither the password nor the PIN is in any file"
