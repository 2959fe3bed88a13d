#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the first unwrap with AWS KMS costs a fresh JVM: CPU seconds of whole processes, in turn, against the SDK's client as it
# comes; the adapter as it is, with a class-data archive, and with that and the fast compiler alone. Quote the ratios.
#
#   benchmarks/first-unwrap-aws.sh [rounds]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-9}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

mvn -B -q -ntp package -DskipTests -Dmaven.javadoc.skip -Dmaven.source.skip -Dcyclonedx.skip -pl benchmarks -am
# An archive takes jars only.
class_path=$(echo benchmarks/target/podseal-benchmarks-*.jar benchmarks/target/lib/*.jar | tr ' ' ':')

work=$(mktemp -d)
moto=''
finish() {
  [[ -z $moto ]] || kill "$moto" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
touch "$work/moto.log"
"$(.ci/moto)" -H 127.0.0.1 -p 0 >"$work/moto.log" 2>&1 &
moto=$!
until url=$(grep -om1 'http://127\.0\.0\.1:[0-9]*' "$work/moto.log"); do
  kill -0 "$moto" || { cat "$work/moto.log" >&2; exit 1; }
  sleep 0.2
done
export AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing

run() {
  "$java" "${@:2}" -cp "$class_path" io.podseal.benchmarks.FirstUnwrapAws "$1" "$url" "$work/wrapped" 2>"$work/log" \
    || { cat "$work/log" >&2; exit 1; }
}
run wrap
run podseal "-XX:ArchiveClassesAtExit=$work/archive.jsa" >/dev/null

TIMEFORMAT='%U %S'
cpu() {
  { time run "$@" 2>&3; } 3>&2 2>&1 | awk '{ print $1 + $2 }'
}
for ((i = 0; i <= rounds; i++)); do
  sdk=$(cpu sdk)
  plain=$(cpu podseal)
  archive=$(cpu podseal "-XX:SharedArchiveFile=$work/archive.jsa")
  fast=$(cpu podseal "-XX:SharedArchiveFile=$work/archive.jsa" -XX:TieredStopAtLevel=1)
  # The first round warms the machine.
  [[ $i == 0 ]] || echo "$sdk $plain $archive $fast" >>"$work/rounds"
done

median() {
  sort -n | awk '{ v[NR] = $1 } END { printf "%.2f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}
"$java" -version 2>&1 | head -n 1
printf '%-34s %8s %22s\n' '' 'CPU s' 'ratio, round by round'
column=0
for name in "the SDK's client as it comes" 'podseal-kms-aws' '  with a class-data archive' '  with archive, C1 only'; do
  column=$((column + 1))
  printf '%-34s %8s %22s\n' "$name" "$(awk -v c=$column '{ print $c }' "$work/rounds" | median)" \
    "$(awk -v c=$column '{ print $c / $1 }' "$work/rounds" | median)"
done
