#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Becomes a program with the mounts of a container. To be run in a mount namespace of its own:
#   pod.sh <folder of token, CA and namespace> <writable|read-only> <folder> <folder> <program>...
# With read-only nothing can be written but a /tmp in memory, in which only the two folders are still in sight; where
# something else can be written, it ends with 97.
set -eu
account=$1 root=$2 data=$3 build=$4
shift 4

run=$(readlink -f /var/run)
mount -t tmpfs tmpfs "$run"
mkdir -p "$run/secrets/kubernetes.io/serviceaccount"
mount --bind "$account" "$run/secrets/kubernetes.io/serviceaccount"

if [ "$root" = read-only ]; then
  mkdir "$run/data" "$run/build"
  mount --bind "$data" "$run/data"
  mount --bind "$build" "$run/build"
  mount -t tmpfs tmpfs /tmp
  mkdir -p "$data" "$build"
  mount --bind "$run/data" "$data"
  mount --bind "$run/build" "$build"
  umount "$run/data" "$run/build"
  while read -r _ _ _ _ place _; do
    case $place in
      /tmp | /proc* | /sys* | /dev*) ;;
      *) mount -o remount,bind,ro "$place" 2>/dev/null || true ;;
    esac
  done </proc/self/mountinfo
  for place in / "$run" "$data" "$build" "$PWD" "$HOME"; do
    if (: >"$place/written") 2>/dev/null; then
      echo "$place can be written" >&2
      exit 97
    fi
  done
  : >/tmp/written
  rm /tmp/written
fi
exec "$@"
