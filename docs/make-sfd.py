#!/usr/bin/env python3
"""Writes a changed-block file (.sfd) as docs/format-sfd.md has it. Needs nothing but Python 3.

  make-sfd.py OUT.sfd --disk NEW.raw --map MAP.json   the ranges that a dirty bitmap tells
  make-sfd.py OUT.sfd --disk NEW.raw --old OLD.raw    what differs between two raw disks

MAP.json is what nbdinfo --map=qemu:dirty-bitmap:NAME --json prints: objects with "offset", "length"
and "type", of which type 1 is dirty; or objects with "start" and "length" alone, all of them dirty.
--disk may be any raw file or block device, such as one that nbdcopy or qemu-nbd -c made.

  --parent version:N | fingerprint:HEX | id:TEXT      what the changes are against
  --id TEXT                                           what the next file may name as its parent
"""
import argparse
import hashlib
import json
import os
import struct

KINDS = {"version": 1, "fingerprint": 2, "id": 3}
DATA, ZEROS = 1, 2
SECTOR, STEP, RANGE = 512, 4096, 1 << 20


class Output:
    """A file of which header, table and trailer are hashed; it is never sought in."""

    def __init__(self, path):
        self.file, self.hash, self.at = open(path, "xb"), hashlib.sha256(), 0

    def write(self, data, hashed=True):
        self.file.write(data)
        self.at += len(data)
        if hashed:
            self.hash.update(data)


def dirty(args, size):
    """The dirty ranges, ascending, rounded out to sectors and joined where they touch."""
    if args.old:
        found = differing(args.disk, args.old, size)
    else:
        found = ((r.get("offset", r.get("start")), r["length"])
                 for r in json.load(open(args.map)) if r.get("type", 1) == 1)
    last = None
    for offset, length in found:
        start, end = offset // SECTOR * SECTOR, min(-(-(offset + length) // SECTOR) * SECTOR, size)
        if last and start <= last[1]:
            last[1] = max(last[1], end)
            continue
        if last:
            yield last
        last = [start, end] if start < end else last
    if last:
        yield last


def differing(new, old, size):
    with open(new, "rb") as a, open(old, "rb") as b:
        for at in range(0, size, STEP):
            one = a.read(STEP)
            # Behind the old disk's end everything is new.
            if one != b.read(STEP):
                yield at, len(one)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--disk", required=True)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--map")
    which.add_argument("--old")
    parser.add_argument("--parent", default="")
    parser.add_argument("--id", default="")
    args = parser.parse_args()
    kind, _, parent = args.parent.partition(":")
    if args.parent and (kind not in KINDS or not parent):
        parser.error("--parent is version:N, fingerprint:HEX or id:TEXT")
    parent, own = parent.encode(), args.id.encode()

    with open(args.disk, "rb") as disk:
        size = disk.seek(0, os.SEEK_END)
        out = Output(args.out)
        out.write(struct.pack("<8sqBBB5x", b"SFsfd1\r\n", size, KINDS.get(kind, 0),
                              len(parent), len(own)) + parent + own)
        table = []
        for start, end in dirty(args, size):
            while start < end:
                disk.seek(start)
                data = disk.read(min(RANGE, end - start))
                zeros = not any(data)
                table.append(struct.pack(
                    "<qqqq32s", start, len(data), out.at, ZEROS if zeros else DATA,
                    bytes(32) if zeros else hashlib.sha256(data).digest()))
                if not zeros:
                    out.write(data, hashed=False)
                start += len(data)
        out.write(bytes(-out.at % 64), hashed=False)
        place = out.at
        out.write(b"".join(table))
        out.write(struct.pack("<qqq8s", place, len(table), 0, b"SFsfdend"))
        out.file.write(out.hash.digest())
        out.file.close()


if __name__ == "__main__":
    main()
