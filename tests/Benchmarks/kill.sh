#!/bin/bash
# Kills a running ingest with its consolidation again and again and shows that nothing is lost.
#   kill.sh DATA WORK [KILLS]
# DATA holds v1.raw .. v8.raw; WORK is a scratch folder; 30 kills unless said otherwise. SNAPSHOTS
# names the program, SEED the row of waiting times, MOST_MS the longest (15 s). Each ingest carries its source as its label, so
# that every version that is listed in the end can be compared with what it must be.
set -euo pipefail
D=$1; W=$2; KILLS=${3:-30}; S=${SNAPSHOTS:?the snapshots program}; ST=$W/store; RANDOM=${SEED:-1}
echo "seed ${SEED:-1}"
rm -rf "$ST"; mkdir -p "$W"
"$S" ingest vm "$D/v1.raw" --label v1 --store "$ST" > "$W/log" 2>&1
kills=0 ends=0 i=1
while [ $kills -lt "$KILLS" ]; do
  i=$((i % 8 + 1)) wait=$((RANDOM % ${MOST_MS:-15000}))
  "$S" ingest vm "$D/v$i.raw" --label v$i --store "$ST" > "$W/log" 2>&1 & pid=$!
  sleep "$(printf '%d.%03d' $((wait / 1000)) $((wait % 1000)))"
  if kill -9 $pid 2> /dev/null; then kills=$((kills + 1)); else ends=$((ends + 1)); fi
  wait $pid 2> /dev/null || true
done
"$S" ingest vm "$D/v1.raw" --label v1 --store "$ST" 2> /dev/null   # ends what the last kill left first
"$S" list vm --json --store "$ST" > "$W/list.json"
jq -r '.versions[] | "\(.version) \(.label)"' "$W/list.json" > "$W/versions"
while read -r version label; do
  rm -f "$W/out.raw"; "$S" restore vm "$version" --out "$W/out.raw" --store "$ST" > "$W/log" 2>&1
  cmp "$W/out.raw" "$D/$label.raw"
done < "$W/versions"
"$S" verify vm --full --store "$ST"
echo "$kills kills, $ends that had ended before: all $(wc -l < "$W/versions") versions equal their sources"
