# This product in the side-by-side benchmark. Environment, from the harness: R (a fresh repository
# folder), D (data set), CH (chain's letter). SNAPSHOTS names the published binary.
: "${SNAPSHOTS:=snapshots}"
MACHINE=vm
s() { local verb=$1; shift; "$SNAPSHOTS" "$verb" $MACHINE "$@" --store "$R"; }

t_init() { :; } # the first ingest makes the store
# BASE_RULE is empty, where each ingest moves the base too, or says which rule the machine has.
# shellcheck disable=SC2086  # options, several words or none
t_ingest() { s ingest "$2" ${BASE_RULE:-}; }
t_restore() { s restore "$1" --out "$2"; }
t_size() { du -s --block-size=1 "$R" | cut -f1; }

# Consolidation: base at version 1 and forward incrementals to 8, moved one version a step.
# KEEP_BASE is what keeps an ingest from moving the base by itself; an ingest that consolidated
# would leave the timed steps nothing to do.
: "${KEEP_BASE=--base-rule keep}"
t_consol_prepare() {
  local v
  # shellcheck disable=SC2086  # options, several words or none
  for v in 1 2 3 4 5 6 7 8; do s ingest "$D/$CH$v.raw" $KEEP_BASE; done
}
t_consol() { s consolidate --base $(($1 + 1)); }
t_consol_check() {
  local v
  for v in 8 7 4 1; do
    rm -f "$R.src/check.raw"
    s restore $v --out "$R.src/check.raw" > /dev/null
    if cmp -s "$R.src/check.raw" "$D/$CH$v.raw"; then echo "v$v identical"; else echo "v$v DIFFERS"; fi
  done
  rm -f "$R.src/check.raw"
}

# Reading in place: the version is served over NBD until t_umount.
t_mount() {
  (setsid "$SNAPSHOTS" mount $MACHINE "$1" --unix "$R.src/s.sock" --store "$R" \
    > "$R.src/mount.log" 2>&1 & echo $! > "$R.src/pid")
  for _ in $(seq 2000); do [ -S "$R.src/s.sock" ] && break; sleep .005; done
  echo "nbd+unix:///disk0?socket=$R.src/s.sock"
}
t_rss() { awk '/VmHWM/{print $2}' "/proc/$(cat "$R.src/pid")/status"; }
t_umount() {
  kill -TERM "$(cat "$R.src/pid")"
  for _ in $(seq 1000); do [ -d "/proc/$(cat "$R.src/pid")" ] || break; sleep .01; done
}
