#!/usr/bin/env python3
"""Tells from a Cobertura report which lines of the image parsers were run.

  parser-lines.py coverage.cobertura.xml [--missed]

One line a file of functions/Engine/Disks: its lines that were run, all its lines, and with --missed
the numbers of those that were not.
"""
import collections
import sys
import xml.etree.ElementTree as tree

PLACE = "Engine/Disks/"
lines = collections.defaultdict(dict)
report = tree.parse(sys.argv[1]).getroot()
# With one source the names are relative to it.
sources = [s.text for s in report.iter("source")]
for kind in report.iter("class"):
    name = (sources[0] if len(sources) == 1 else "") + kind.get("filename")
    name = name.replace("\\", "/")
    if PLACE not in name:
        continue
    for line in kind.iter("line"):
        number, hits = int(line.get("number")), int(line.get("hits"))
        known = lines[name.split(PLACE)[1]]
        known[number] = max(known.get(number, 0), hits)
folders = collections.Counter()
for name, known in sorted(lines.items()):
    run = sum(1 for hits in known.values() if hits)
    folder = name.rpartition("/")[0] or "."
    folders[folder, "run"] += run
    folders[folder, "all"] += len(known)
    missed = " ".join(str(n) for n, hits in sorted(known.items()) if not hits)
    print(f"{name:40} {run:4} of {len(known):4}" + (f"  {missed}" if sys.argv[2:] else ""))
for folder in sorted({f for f, _ in folders}):
    run, count = folders[folder, "run"], folders[folder, "all"]
    print(f"{folder + '/':40} {run:4} of {count:4}  {100 * run / count:.1f} %")
