# This product as snapshots.sh says, fed with qcow2 overlays instead of full images; what each
# version's overlay changes is all that it reads. The base stays where it is.
# shellcheck source=snapshots.sh
source "$B/tools/snapshots.sh"
PHASES=ingest
t_ingest() {
  local image=$2
  [ "$1" = 1 ] || image=$D/ov/v$1.qcow2
  s ingest "$image" --base-rule keep
}
# Called between the timed steps: the next overlay is as hot as the harness makes full images.
t_size() {
  cat "$D"/ov/*.qcow2 > /dev/null
  du -s --block-size=1 "$R" | cut -f1
}
