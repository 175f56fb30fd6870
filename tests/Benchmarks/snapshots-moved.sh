# This product as snapshots.sh says, each ingest moving the base to its version as it does by default.
# shellcheck source=snapshots.sh
source "$B/tools/snapshots.sh"
BASE_RULE=
