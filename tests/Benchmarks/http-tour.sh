#!/usr/bin/env bash
# Runs the session of README.md's chapter "Over HTTP" against a host, each line as it stands there.
#
#   http-tour.sh http://127.0.0.1:8080                 all parts, in a temporary folder
#   http-tour.sh http://127.0.0.1:8080 list restore    these parts, and 'begin' before them
#
# A part is a block of shell lines whose first line is a comment with its name. Any command that
# fails ends the session, and so does a name that no part has.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
host=${1:?the URL of a host}
shift

# The shell lines of one part; of all parts without a name.
part() {
  awk -v name="${1:-}" '
    /^## / { here = ($0 == "## Over HTTP") }
    here && /^```sh$/ { inside = 1; first = 1; next }
    /^```$/ { inside = 0; take = 0; next }
    inside && first { first = 0; take = (name == "" || index($0, "# " name ":") == 1) }
    inside && take { print }
  ' "$root/README.md"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Paths of the session begin at the sources; what it writes goes elsewhere.
ln -s "$root/tests" "$work/tests"
cd "$work"
{
  echo 'set -euxo pipefail'
  if [ $# -eq 0 ]; then
    part
  else
    for name in begin "$@"; do
      part "$name" > part.sh
      [ -s part.sh ] || { echo "README.md has no part '$name'" >&2; exit 1; }
      cat part.sh
    done
  fi
} > session.sh
[ "$(wc -l < session.sh)" -gt 3 ] || { echo "README.md has no session" >&2; exit 1; }
HOST=$host bash session.sh
echo "the session went through"
