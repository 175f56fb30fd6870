#!/bin/bash
# Shows on a chain of real disk images that every version comes back bit for bit.
#   bit-exact.sh DATA WORK [FROM]
# DATA holds v1.raw .. v8.raw and the same chain as ov/v1.qcow2 <- .. <- ov/v8.qcow2; WORK is a scratch
# folder with room for two stores and one restored disk. SNAPSHOTS names the program. Stops at the
# first difference. FROM names a later stage to begin at with the stores of an earlier run.
set -euo pipefail
D=$1; W=$2; S=${SNAPSHOTS:?the snapshots program}; ST=$W/store; OUT=$W/out.raw
run() { "$S" "$@" --store "$ST"; }
print() { # the fingerprint of a version; none is an error
  local json; json=$(run show "$1" "$2" --json)
  [[ $json =~ \"fingerprint\":[[:space:]]*\"([0-9a-f]{64})\" ]] && echo "${BASH_REMATCH[1]}"
}
restore_all() {
  for v in ${VERSIONS:-$(seq "$2")}; do
    rm -f "$OUT"; run restore "$1" "$v" --out "$OUT" > "$W/log" 2>&1 || { cat "$W/log"; exit 1; }
    [ "$(stat -c %s "$OUT")" = "$(stat -c %s "$D/v$v.raw")" ]
    ${COMPARE:-cmp} "$OUT" "$D/v$v.raw" > "$W/log" || { cat "$W/log"; exit 1; }
  done
  echo "$3: versions 1 to $2 equal their sources"
}
first=${3:-1}
if [ "$first" -le 1 ]; then
  rm -rf "$ST"; mkdir -p "$W"
  for v in 1 2 3 4 5 6 7 8; do run ingest full "$D/v$v.raw" --base-rule keep > "$W/log" 2>&1; done
  for v in 1 2 3 4 5 6 7 8; do run ingest overlays "$D/ov/v$v.qcow2" --base-rule keep > "$W/log" 2>&1; done
  for v in 1 2 3 4 5 6 7 8; do
    a=$(print full $v) b=$(print overlays $v)
    [ "$a" = "$b" ] || { echo "fingerprints of version $v differ: $a and $b"; exit 1; }
    echo "version $v: full image and overlay both have $a"
  done
  restore_all full 8 "raw, base at 1"
  restore_all overlays 8 "overlays, base at 1"
fi
for k in 2 3 4 5 6 7 8; do
  [ "$first" -le $k ] || continue
  run consolidate full --base $k > "$W/log" 2>&1; restore_all full 8 "base moved to $k"
done
run consolidate full --base 3 > "$W/log" 2>&1; restore_all full 8 "base moved back to 3"
run consolidate full --base 8 > "$W/log" 2>&1; restore_all full 8 "base moved to 8 again"
run undo full > "$W/log" 2>&1; restore_all full 7 "after undo"
run verify full --full
for v in 1 7; do
  rm -f "$W/out.qcow2"; run restore full $v --out "$W/out.qcow2" --format qcow2 > "$W/log" 2>&1
  qemu-img check "$W/out.qcow2"; qemu-img compare "$W/out.qcow2" "$D/v$v.raw"
done
rm -f "$OUT" "$W/out.qcow2"
echo "bit-exact: all of it"
