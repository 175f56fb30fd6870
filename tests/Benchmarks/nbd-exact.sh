#!/bin/bash
# Holds what NBD clients see of every version of a chain against the images it was made from.
#   nbd-exact.sh DATA WORK [STORE MACHINE]
# DATA holds v1.raw, v2.raw ...; they are ingested into WORK/store unless a STORE that has them as
# versions 1, 2 ... of MACHINE is given. Each version is read by nbdcopy, by qemu-img with its block
# status, and mapped by nbdinfo; written to by qemu-io and by fio's nbd engine, which verifies what
# it wrote; then the base is moved to every version while clients of the oldest, the middle and the
# newest version compare every byte. SNAPSHOTS names the program. Needs qemu-utils, libnbd-bin, fio.
set -euo pipefail
D=$1; W=$2; ST=${3:-$2/store}; VM=${4:-vm}; S=${SNAPSHOTS:?the snapshots program}
mkdir -p "$W"; rm -f "$W"/*.sock
COUNT=$(find "$D" -maxdepth 1 -name 'v[0-9]*.raw' | wc -l)
SERVERS=()
trap '[ ${#SERVERS[@]} = 0 ] || kill -TERM "${SERVERS[@]}" 2> /dev/null || true' EXIT
serve() { # NAME ARGUMENTS...: sets URI and P
  local name=$1; shift
  "$S" mount "$@" --unix "$W/$name.sock" --store "$ST" > "$W/$name.log" 2>&1 & P=$!
  SERVERS+=("$P")
  for _ in $(seq 600); do grep -qs 'served until' "$W/$name.log" && break; sleep 0.1; done
  URI="nbd+unix:///disk0?socket=$W/$name.sock"
}
stop() { kill -TERM "$1"; wait "$1"; }
same() { qemu-img compare -q -f raw -F raw "$D/v$1.raw" "$2"; }

if [ $# -lt 3 ]; then
  for v in $(seq "$COUNT"); do "$S" ingest "$VM" "$D/v$v.raw" --store "$ST" 2> /dev/null | tail -1; done
fi
for v in $(seq "$COUNT"); do
  serve ro "$VM" "$v"
  nbdcopy "$URI" - | cmp - "$D/v$v.raw"
  same "$v" "$URI"
  # What the map calls data, and what it does not; both add up to the disk.
  nbdinfo --map --totals "$URI" | awk -v v="$v" -v size="$(stat -c %s "$D/v$v.raw")" '
    { sum += $1; if ($NF == "data") data = $1 }
    END { if (sum != size) { print "the map covers " sum " of " size; exit 1 }
      printf "version %d: nbdcopy and qemu-img read it exactly; %d of %d MiB are data\n", v, data / 2^20, size / 2^20 }'
  stop "$P"
  serve rw "$VM" "$v" --writable
  qemu-io -f raw -c 'write -P 7 1M 3M' -c 'write -z -u 2M 64k' -c 'discard 8M 16M' -c 'write -f -P 9 100 10' \
    -c flush -c 'read -P 7 1M 1M' -c 'read -P 0 2M 64k' -c 'read -P 0 8M 16M' -c 'read -P 9 100 10' \
    "$URI" > "$W/io.log" || { cat "$W/io.log"; exit 1; }
  if grep -i 'verification failed' "$W/io.log"; then exit 1; fi
  fio --name=w --ioengine=nbd --uri="$URI" --rw=randwrite --bs=4k --offset=64M --size=64M --io_size=16M \
    --iodepth=16 --verify=crc32c --verify_state_save=0 --randseed="$v" --output="$W/fio.log"
  stop "$P"
  id=$("$S" mounts --store "$ST" --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["mounts"][0]["id"])')
  "$S" mount discard "$id" --store "$ST" > /dev/null
  echo "version $v: qemu-io and fio found what they wrote"
done
SERVERS=()
declare -A URIS
for v in 1 $(((COUNT + 1) / 2)) "$COUNT"; do serve "c$v" "$VM" "$v"; URIS[$v]=$URI; done
clients=(); rm -f "$W/moved"; : > "$W/rounds"
for v in "${!URIS[@]}"; do
  (while [ ! -e "$W/moved" ]; do same "$v" "${URIS[$v]}" || exit 1; echo "$v" >> "$W/rounds"; done) & clients+=($!)
done
for to in $(seq $((COUNT - 1)) -1 1) "$COUNT"; do
  "$S" consolidate "$VM" --base "$to" --store "$ST" 2> /dev/null > /dev/null
done
: > "$W/moved"
for client in "${clients[@]}"; do wait "$client"; done
for p in "${SERVERS[@]}"; do stop "$p"; done
SERVERS=()
echo "the base went to every version beside $(wc -l < "$W/rounds") comparisons of whole versions: no wrong byte"
