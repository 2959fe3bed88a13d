#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The claim on a real API server: a password is sealed with a public keyset, applied as an ordinary Secret, read through the
# API by the one account that it was sealed for, and changed while the application runs; another account with the same rights
# is refused, and etcd never sees the plaintext. Needs a JDK 17 or later, Maven, and Go for the first time (or a folder with
# kube-apiserver, etcd and kubectl in KUBEBUILDER_ASSETS); leaves nothing behind.
#
#   samples/kubernetes.sh [--keep]
#
# --keep keeps the folder with everything that was written.
set -euo pipefail
cd "$(dirname "$0")/.."

keep=no
case "${1-}" in
  "") ;;
  --keep) keep=yes ;;
  *) echo "usage: samples/kubernetes.sh [--keep]" >&2; exit 2 ;;
esac

if [[ -t 1 ]]; then bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; else bold='' green='' red='' plain=''; fi
step() { printf '\n%s== %s%s\n' "$bold" "$1" "$plain"; }
proved() { printf '%s✔%s %s\n' "$green" "$plain" "$1"; }
fail() { printf '%s✘ %s%s\n' "$red" "$1" "$plain" >&2; exit 1; }

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "There is no java: install a JDK 17 or later, or set JAVA_HOME."
command -v mvn >/dev/null || fail "There is no mvn: install Maven 3.8.6 or later."

umask 077
work=$(mktemp -d "${TMPDIR:-/tmp}/podseal-kubernetes.XXXXXX")
# What the applications write beside their purpose is searched too.
mkdir "$work/tmp"
jvm=(-Djava.io.tmpdir="$work/tmp" -XX:-UsePerfData)

# Each of the three long-running processes reads commands from a pipe of ours, 7, 8 and 9, and ends with it or by a signal;
# what they print comes through 4, 5 and 6.
mkfifo "$work"/{cluster,database,application}.{in,out}
exec 4<>"$work/cluster.out" 5<>"$work/database.out" 6<>"$work/application.out"
exec 7<>"$work/cluster.in" 8<>"$work/database.in" 9<>"$work/application.in"
rm "$work"/*.in "$work"/*.out
# in_background INPUT OUTPUT PROGRAM...: knows of none of the other pipes
in_background() {
  local input=$1 output=$2
  shift 2
  "$@" <&"$input" >&"$output" 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
}
pids=()
end() {
  for pid in "$@"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}
finish() {
  end ${pids[@]+"${pids[@]}"} $(jobs -p)
  if [[ $keep == yes ]]; then echo "Kept: $work"; else rm -rf "$work"; fi
}
trap finish EXIT
# line FD PID: the next line that a process prints, or failure where it ends
line() {
  local text
  until read -r -t 1 text <&"$1"; do
    kill -0 "$2" 2>/dev/null || return 1
  done
  printf '%s' "$text"
}

step "Building Podseal (the first time, Maven fetches what it needs)"
build() {
  exec mvn -B -ntp -Dstyle.color=never -Dmaven.test.skip -Dmaven.javadoc.skip -Dmaven.source.skip -Dcyclonedx.skip \
    -pl secrets-cli,samples/spring-boot,samples/kubernetes -am package >"$work/build.log" 2>&1
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

step "An API server with its etcd, on loopback (the first time, Go builds them: some five minutes)"
in_background 7 4 "$java" -cp "samples/kubernetes/target/classes:samples/kubernetes/target/lib/*" \
  io.podseal.samples.kubernetes.LocalCluster
cluster_pid=$!
pids+=("$cluster_pid")
while assignment=$(line 4 "$cluster_pid") || fail "The control plane did not start."; [[ -n $assignment ]]; do
  [[ $assignment =~ ^(api_server|ca_file|kubectl|kubeconfig|files)=\'?([^\']*)\'?$ ]] || fail "What is this: $assignment"
  declare "${BASH_REMATCH[1]}=${BASH_REMATCH[2]}"
done
kube() { HOME=$work/home "$kubectl" --kubeconfig="$kubeconfig" "$@"; }
kube version | sed 's/^/   │ /'
kube create namespace payments >/dev/null
kube create serviceaccount api -n payments >/dev/null
kube create serviceaccount web -n payments >/dev/null

step "On the developer's machine: a throw-away KEK, a keyset for payments/api, and a password sealed with its public half"
kek=local-kms:$work/developer/kek.json
mkdir -p "$work/developer" "$work/git"
"$podseal" kek create "$kek"
"$podseal" keyset create --identity payments/api --type hpke-x25519 --kek "$kek" \
  --out "$work/developer/api.keyset.json" --public-out "$work/developer/api.public.json"

# The passwords live in variables of this shell alone: printf is built in, so they are in no argument list and no file.
new_password() { head -c 24 /dev/urandom | base64 | tr -d '\n/+='; }
template=$(<samples/spring-boot/src/main/k8s/secret.yaml)
# seal PASSWORD FILE: needs the public keyset, no KEK and no network
seal() {
  printf '%s\n' "${template/change-me/$1}" \
    | "$podseal" seal --keyset "$work/developer/api.public.json" -f - \
        --with-keyset "$work/developer/api.keyset.json" --out "$2"
}
# Raw, hex, and base64 in its three phases: the value may stand behind other text.
encoded() {
  printf '%s\n' "$1"
  printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'; echo
  printf '%s' "$1" | base64 | tr -d '\n' | sed 's/.\{4\}$//'; echo
  printf 'x%s' "$1" | base64 | tr -d '\n' | sed 's/^.\{4\}//; s/.\{4\}$//'; echo
  printf 'xx%s' "$1" | base64 | tr -d '\n' | sed 's/^.\{4\}//; s/.\{4\}$//'; echo
}
first=$(new_password)
seal "$first" "$work/git/secret-1.yaml"
sed -E 's/^(.{110}).+/\1…/; s/^/   │ /' "$work/git/secret-1.yaml"

step "kubectl apply: the Secret, and the least rights of payments/api (the same for payments/web, to be fair to it)"
kube apply -f "$work/git/secret-1.yaml"
for account in api web; do
  "$podseal" print rbac --identity "payments/$account" --secret db-credentials --watch >"$work/git/rbac-$account.yaml"
  kube apply -f "$work/git/rbac-$account.yaml"
  # What the kubelet would lay into the pod at /var/run/secrets/kubernetes.io/serviceaccount.
  mkdir -p "$work/pod/$account"
  kube create token "$account" -n payments >"$work/pod/$account/token"
done

step "A database whose user only that password lets in, and the application as payments/api"
in_background 8 5 "$java" "${jvm[@]}" -cp "$application" -Dloader.main=io.podseal.samples.spring.DatabaseServer \
  org.springframework.boot.loader.launch.PropertiesLauncher
database_pid=$!
pids+=("$database_pid")
printf '%s\n' "$first" >&8
url=$(line 5 "$database_pid") || fail "The database did not start."

# What the search at the end must find, or it could not have found a password either: in each form in a file, in the
# application's environment and in its command line.
control=$(new_password)
number=0
while IFS= read -r form; do
  number=$((number + 1))
  printf '%s' "$form" >"$work/tmp/control-$number"
done < <(encoded "$control")

# In a pod nothing of podseal.kubernetes.* has to be set. The identity is that of the token.
run_as() {
  PODSEAL_KUBERNETES_APISERVER=$api_server PODSEAL_KUBERNETES_CAFILE=$ca_file PODSEAL_KUBERNETES_NAMESPACE=payments \
    PODSEAL_KUBERNETES_TOKENFILE=$work/pod/$1/token PODSEAL_KEKS=$kek PODSEAL_KMS_LOCAL_ALLOWINCLUSTER=true \
    SECRETS_LOCATION=podseal:secret:db-credentials DATABASE_URL=$url LOGIN_AGAIN=true CONTROL=$control \
    exec "$java" "${jvm[@]}" -Dcontrol="$control" -jar "$application" 2>"$work/$1.log"
}
in_background 9 6 run_as api
application_pid=$!
pids+=("$application_pid")
said=$(line 6 "$application_pid") || { cat "$work/api.log" >&2; fail "The application did not start."; }
[[ $said == "logged in as API" ]] || fail "It said: $said"
proved "payments/api opened its password through the API and logged in: $said"
if [[ -r /proc/$application_pid/environ ]]; then
  cat "/proc/$application_pid/environ" >"$work/api.environ"
  cat "/proc/$application_pid/cmdline" >"$work/api.cmdline"
fi

step "A new password: in the database, in Git, and applied; the application is not told"
second=$(new_password)
printf '%s\n' "$second" >&8
seal "$second" "$work/git/secret-2.yaml"
kube apply -f "$work/git/secret-2.yaml"
for ((i = 0; i < 300; i++)); do
  echo >&9
  said=$(line 6 "$application_pid") || fail "The application ended."
  [[ $said != "logged in again as API" ]] || break
  sleep 0.2
done
[[ $said == "logged in again as API" ]] || fail "The new password has not arrived: $said"
proved "the same process, number $application_pid, logged in with the new one: $said"

step "The same Secret, the same rights, another ServiceAccount"
if (run_as web) </dev/null >"$work/web.out"; then fail "payments/web was let in."; fi
sed -n '/^\*\*\*/,$p' "$work/web.log" "$work/web.out" | sed 's/^/   │ /'
cat "$work/web.log" "$work/web.out" | grep -q CONTEXT_MISMATCH || fail "payments/web was refused for another reason."
proved "payments/web may get the Secret, and is refused before any key is used"

step "Searching etcd, the audit log, every file that was written, the process's environment and its command line"
# grep says 1 where there is nothing; with 2 it could not read something, which then was not searched.
search() {
  grep -rlaF -f <(encoded "$1") "$files" "$work" || (($? == 1)) || fail "The search did not get to its end."
}
kube create secret generic control -n payments --from-literal=control="$control" >/dev/null
kube delete secret control db-credentials -n payments >/dev/null
found=$(search "$control")
must_find() { grep -qF "$1" <<<"$found" || fail "The search does not find its control in $2."; }
must_find "$files/etcd" "etcd"
must_find audit "the audit log"
for ((i = 1; i <= number; i++)); do must_find "$work/tmp/control-$i" "form $i of $number"; done
if [[ -s $work/api.environ ]]; then
  must_find "$work/api.environ" "the application's environment"
  must_find "$work/api.cmdline" "the application's command line"
fi
for password in "$first" "$second"; do
  leaks=$(search "$password")
  [[ -z $leaks ]] || fail "A password stands in: $leaks"
done
[[ -s $work/api.environ ]] || echo "   (no /proc here: environment and command line were not looked at)"
proved "neither password is anywhere, also after the deletion; the control, found in each of $number forms, still lies in:"
sed "s|^$files/|   │ |; s|^$work/|   │ |" <<<"$found"

step "Cleaning up"
end ${pids[@]+"${pids[@]}"}
pids=()
[[ ! -e $files ]] || fail "The control plane left $files behind."
proved "every process has ended$([[ $keep == yes ]] || echo ', and the folders are removed')"
