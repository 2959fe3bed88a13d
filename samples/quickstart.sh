#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The first five minutes: a password is sealed on this machine, travels as ciphertext, and is opened inside a Spring Boot
# process that logs into a database with it. Needs a JDK 17 or later and Maven; leaves nothing behind.
#
#   samples/quickstart.sh [--keep]
#
# --keep keeps the folder with everything that was written.
set -euo pipefail
cd "$(dirname "$0")/.."

keep=no
case "${1-}" in
  "") ;;
  --keep) keep=yes ;;
  *) echo "usage: samples/quickstart.sh [--keep]" >&2; exit 2 ;;
esac

if [[ -t 1 ]]; then bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; else bold='' green='' red='' plain=''; fi
step() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
proved() { printf '%s✔%s %s\n' "$green" "$plain" "$1"; }
fail() { printf '%s✘ %s%s\n' "$red" "$1" "$plain" >&2; exit 1; }

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "There is no java: install a JDK 17 or later, or set JAVA_HOME."
command -v mvn >/dev/null || fail "There is no mvn: install Maven 3.8.6 or later."

umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/podseal-quickstart.XXXXXX")
# What the applications write beside their purpose is searched too.
mkdir "$work/tmp"
jvm=(-Djava.io.tmpdir="$work/tmp" -XX:-UsePerfData)
database_pid=''
stop_database() {
  [[ -z $database_pid ]] || kill "$database_pid" 2>/dev/null || true
  wait "$database_pid" 2>/dev/null || true
  database_pid=''
}
finish() {
  stop_database
  for pid in $(jobs -p); do kill "$pid" 2>/dev/null || true; done
  wait || true
  if [[ $keep == yes ]]; then echo "Kept: $work"; else rm -rf "$work"; fi
}
trap finish EXIT

step "Building Podseal (the first time, Maven fetches what it needs)"
build() {
  exec mvn -B -ntp -Dstyle.color=never -DskipTests -Dmaven.javadoc.skip -Dmaven.source.skip -Dcyclonedx.skip \
    -pl secrets-cli,samples/spring-boot -am package >"$work/build.log" 2>&1
}
build &
build_pid=$!
shown=''
while kill -0 "$build_pid" 2>/dev/null; do
  now=$(grep -o '^\[INFO\] Building Podseal.*' "$work/build.log" 2>/dev/null | tail -n 1 | cut -c8- || true)
  [[ $now == "$shown" ]] || { shown=$now; printf '   %s\n' "$now"; }
  sleep 1
done
wait "$build_pid" || { tail -n 40 "$work/build.log" >&2; fail "The build failed; its end stands above."; }
rm "$work/build.log"
podseal=$PWD/secrets-cli/target/podseal/bin/podseal
application=$(ls "$PWD"/samples/spring-boot/target/podseal-sample-spring-boot-*.jar)

step "On the developer's machine: a throw-away KEK, a keyset for payments/api, a sealed password"
kek=local-kms:$work/developer/kek.json
mkdir -p "$work/developer" "$work/git"
"$podseal" kek create "$kek"
"$podseal" keyset create --identity payments/api --kek "$kek" --out "$work/developer/api.keyset.json"

# The password lives in a variable of this shell alone: printf is built in, so it is in no argument list and no file.
password=$(head -c 24 /dev/urandom | base64 | tr -d '\n')
template=$(<samples/spring-boot/src/main/k8s/secret.yaml)
printf '%s\n' "${template/change-me/$password}" \
  | "$podseal" seal --keyset "$work/developer/api.keyset.json" --kek "$kek" -f - \
      --with-keyset "$work/developer/api.keyset.json" --out "$work/git/secret.yaml"
proved "this manifest is all that goes into Git:"
sed -E 's/^(.{110}).+/\1…/; s/^/   │ /' "$work/git/secret.yaml"

step "On the node: the kubelet lays the Secret out as a volume"
mount=$work/etc/podseal/db-credentials
"$java" -cp "$(dirname "$podseal")/../lib/*" samples/KubeletVolume.java "$work/git/secret.yaml" "$mount"
(cd "$mount" && find . -mindepth 1 -maxdepth 1 | sort | sed 's/^/   │ /')

step "In the cluster: a database whose user only that password lets in, and the application"
mkfifo "$work/database.url"
printf '%s' "$password" \
  | "$java" "${jvm[@]}" -cp "$application" -Dloader.main=io.podseal.samples.spring.DatabaseServer \
      org.springframework.boot.loader.launch.PropertiesLauncher >"$work/database.url" &
database_pid=$!
read -r url <"$work/database.url" || fail "The database did not start."
rm "$work/database.url"

# Runs the application as a ServiceAccount. Its environment and command line are kept, to be searched below.
run_as() {
  local pid status=0
  PODSEAL_IDENTITY=$1 PODSEAL_KEKS=$kek PODSEAL_KMS_LOCAL_ALLOWINCLUSTER=true \
    SECRETS_LOCATION=podseal:mount:$mount DATABASE_URL=$url \
    "$java" "${jvm[@]}" -jar "$application" >"$work/$2.log" 2>&1 &
  pid=$!
  if [[ -r /proc/$pid/environ ]]; then
    until tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q -- "-jar $application"; do
      kill -0 "$pid" 2>/dev/null || break
    done
    cat "/proc/$pid/environ" >"$work/$2.environ" || true
    cat "/proc/$pid/cmdline" >"$work/$2.cmdline" || true
  fi
  wait "$pid" || status=$?
  return "$status"
}

run_as payments/api api || { cat "$work/api.log" >&2; fail "The application did not start."; }
grep -q '^logged in as API$' "$work/api.log" || { cat "$work/api.log" >&2; fail "The log-in failed."; }
proved "payments/api opened its password and logged in: $(grep '^logged in as' "$work/api.log")"

step "The same Secret, another ServiceAccount"
if run_as payments/web web; then fail "payments/web was let in."; fi
sed -n '/^\*\*\*/,$p' "$work/web.log" | sed 's/^/   │ /'
grep -q CONTEXT_MISMATCH "$work/web.log" || fail "payments/web was refused for another reason."
proved "payments/web is refused before any key is used"

step "Searching every file that was written, the process's environment and its command line"
# Raw, hex, and base64 in its three phases: the value may stand behind other text.
encoded() {
  printf '%s\n' "$1"
  printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'; echo
  printf '%s' "$1" | base64 | tr -d '\n' | sed 's/.\{4\}$//'; echo
  printf 'x%s' "$1" | base64 | tr -d '\n' | sed 's/^.\{4\}//; s/.\{4\}$//'; echo
  printf 'xx%s' "$1" | base64 | tr -d '\n' | sed 's/^.\{4\}//; s/.\{4\}$//'; echo
}
search() { grep -rlaF -f <(encoded "$1") "$work" || true; }
canary=$(head -c 24 /dev/urandom | base64 | tr -d '\n')
found=0
while read -r line; do
  printf '%s' "$line" >"$work/control"
  [[ -n $(search "$canary") ]] || fail "The search does not find its own control."
  found=$((found + 1))
done < <(encoded "$canary")
rm "$work/control"
leaks=$(search "$password")
[[ -z $leaks ]] || fail "The password stands in: $leaks"
files=$(find "$work" -type f | wc -l | tr -d ' ')
[[ -s $work/api.environ ]] || echo "   (no /proc here: environment and command line were not looked at)"
proved "the password is in none of the $files files (raw, base64, hex; the control was found in $found of $found forms)"
stop_database
[[ -z $(jobs -r) ]] || fail "Something is still running."
proved "every process has ended$([[ $keep == yes ]] || echo ', and the folder is removed')"
