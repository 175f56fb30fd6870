#!/bin/bash
# Mounts of the oldest and the newest version over NBD, beside qemu-nbd on an overlay chain.
#   nbd.sh DATA WORK [VERSIONS]
# DATA holds v1.raw, v2.raw ...; WORK is a scratch folder; 3 versions unless said otherwise.
# SNAPSHOTS names the program; READS is the number of random reads (2,000). Needs python3-libnbd.
set -euo pipefail
D=$1; W=$2; N=${3:-3}; S=${SNAPSHOTS:?the snapshots program}; ST=$W/store; READS=${READS:-2000}
mkdir -p "$W"; rm -rf "$ST" "$W"/*.sock "$W"/o*.qcow2
below=
for i in $(seq "$N"); do
  "$S" ingest vm "$D/v$i.raw" --store "$ST" 2> "$W/log" | tail -1
  if [ -z "$below" ]; then qemu-img convert -f raw -O qcow2 "$D/v1.raw" "$W/o1.qcow2"
  else
    # The overlay holds what differs from the version below, as a hypervisor would have left it.
    qemu-img create -q -f qcow2 -b "$D/v$i.raw" -F raw "$W/o$i.qcow2"
    qemu-img rebase -f qcow2 -F qcow2 -b "$W/o$((i - 1)).qcow2" "$W/o$i.qcow2"
  fi
  below=$i
done
cat > "$W/measure.py" <<'PY'
import nbd, random, sys, time
uri, reads = sys.argv[1], int(sys.argv[2])
start = time.monotonic()
h = nbd.NBD(); h.connect_uri(uri); h.pread(4096, 0)
first = (time.monotonic() - start) * 1e3
rows = []
for label in ("cold", "warm"):
    r, lat = random.Random(1), []
    size = h.get_size() // 4096
    for _ in range(reads):
        at = r.randrange(size) * 4096
        t = time.monotonic(); h.pread(4096, at); lat.append(time.monotonic() - t)
    lat.sort()
    rows += [lat[len(lat) // 2] * 1e6, sum(lat) / len(lat) * 1e6]
print("%.1f %s" % (first, " ".join("%.0f" % x for x in rows)))
PY
wait_for() { for _ in $(seq 300); do [ -S "$1" ] && return; sleep 0.1; done; return 1; }
row() { # NAME SOCKET EXPORT PID
  local uri="nbd+unix:///$3?socket=$2" m from
  m=$(/usr/bin/python3 "$W/measure.py" "$uri" "$READS")
  from=$(date +%s%N); nbdcopy "$uri" null:
  echo "$1 $m $((($(date +%s%N) - from) / 1000000))" | tee -a "$W/rows"
  kill -TERM "$4"; wait "$4" 2> /dev/null || true
}
: > "$W/rows"
echo "program first-byte-ms cold-p50-us cold-mean-us warm-p50-us warm-mean-us copy-ms"
for v in 1 "$N"; do
  "$S" mount vm "$v" --unix "$W/s$v.sock" --store "$ST" > "$W/log" 2>&1 & p=$!
  wait_for "$W/s$v.sock"; row "snapshots-v$v" "$W/s$v.sock" disk0 $p
  qemu-nbd -r -t -f qcow2 -k "$W/q$v.sock" "$W/o$v.qcow2" & p=$!
  wait_for "$W/q$v.sock"; row "qemu-v$v" "$W/q$v.sock" "" $p
done
awk '{ for (i = 2; i <= NF; i++) v[$1, i] = $i; n = NF; name[NR] = $1 }
  END { for (pair = 1; pair <= 3; pair++) {
      a = pair == 1 ? name[1] : pair == 2 ? name[1] : name[3]
      b = pair == 1 ? name[3] : pair == 2 ? name[2] : name[4]
      printf "%s / %s:", a, b; for (i = 2; i <= n; i++) printf " %.2f", v[a, i] / v[b, i]; print "" } }' \
  "$W/rows"
