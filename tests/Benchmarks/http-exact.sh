#!/bin/bash
# Shows on a chain of real disk images that every version reads bit for bit over HTTP, by programs
# that each have their own idea of it: QEMU and nbdkit through libcurl, and curl itself.
#   http-exact.sh DATA WORK
# DATA holds v1.raw .. v8.raw; WORK is a scratch folder with room for a store and one disk.
# SNAPSHOTS names the program; VERSIONS and BASES may name fewer, and REUSE=1 takes the store of an
# earlier run. Stops at the first difference.
# Needs qemu-utils, qemu-block-extra, nbdkit, libnbd-bin and curl.
set -euo pipefail
D=$1; W=$2; S=${SNAPSHOTS:?the snapshots program}; ST=$W/http-store; OUT=$W/http-out.raw
PORT=${PORT:-8377}; server=
run() { "$S" "$@" --store "$ST" > "$W/http-log" 2>&1 || { cat "$W/http-log"; exit 1; }; }
stop() { [ -z "$server" ] || { kill "$server" 2> /dev/null || true; wait "$server" || true; server=; }; }
trap 'stop; rm -f "$OUT"' EXIT
serve() {
  "$S" serve --listen "127.0.0.1:$PORT" --store "$ST" > "$W/http-serve" 2>&1 & server=$!
  for _ in $(seq 300); do
    curl -sf -o /dev/null "http://127.0.0.1:$PORT/healthz" && return
    kill -0 "$server" || break
    sleep 0.1
  done
  cat "$W/http-serve"; exit 1
}
url() { echo "http://127.0.0.1:$PORT/api/machines/chain/versions/$1/disks/disk0"; }
check() { # one version, by each of the programs
  local v=$1 source=$D/v$1.raw size; size=$(stat -c %s "$source")
  [ "$(curl -sfI "$(url "$v")" | tr -d '\r' | awk 'tolower($1)=="content-length:"{print $2}')" = "$size" ]
  qemu-img compare -f raw -F raw "$source" "$(url "$v")" > "$W/http-log" || { cat "$W/http-log"; exit 1; }
  # One coroutine: with more, the HTTP driver of QEMU 7.2 hangs now and then, on any server.
  qemu-img convert -m 1 -f raw -O raw "$(url "$v")" "$OUT"; cmp "$OUT" "$source"; rm -f "$OUT"
  nbdkit -U - curl "$(url "$v")" --run "nbdcopy \"\$uri\" $OUT"; cmp "$OUT" "$source"; rm -f "$OUT"
  local range first length
  for range in "0 1" "4095 70000" "$((size / 3)) 9000000" "$((size / 2 - 7)) 123456789" "$((size - 5)) 5"; do
    read -r first length <<< "$range"
    curl -sf -r "$first-$((first + length - 1))" -o "$OUT" "$(url "$v")"
    [ "$(stat -c %s "$OUT")" = "$length" ]
    cmp -n "$length" -i "0:$first" "$OUT" "$source"
  done
  curl -sf -r "-4097" -o "$OUT" "$(url "$v")"; cmp "$OUT" <(tail -c 4097 "$source")
  echo "version $v: compare, convert, nbdkit curl and curl -r equal its source"
}
if [ -z "${REUSE:-}" ]; then
  rm -rf "$ST"; mkdir -p "$W"
  for v in 1 2 3 4 5 6 7 8; do run ingest chain "$D/v$v.raw" --base-rule keep; done
fi
for base in ${BASES:-1 8 4}; do
  run consolidate chain --base "$base"
  serve
  for v in ${VERSIONS:-1 2 3 4 5 6 7 8}; do check "$v"; done
  stop
  echo "base at $base: all versions"
done
echo "http-exact: all of it"
