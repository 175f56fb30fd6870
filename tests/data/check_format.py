#!/usr/bin/env python3
"""Reads a footer, a table, an index or a pack's header from docs/format.md alone and prints it as JSON.

Usage: check_format.py footer|shared-footer|shared|delta|merged|pack FILE.hex. It shares no code with the product, so that the
document and the product can only agree when both are right.
"""
import hashlib
import json
import struct
import sys


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        if n < 0 or self.at + n > len(self.data):
            raise SystemExit("past the end")
        self.at += n
        return self.data[self.at - n:self.at]

    def number(self, code):
        return struct.unpack("<" + code, self.take(struct.calcsize("<" + code)))[0]

    def hash(self):
        return self.take(32).hex()

    def many(self, read):
        return [read() for _ in range(self.number("i"))]


def unseal(data, mark):  # section 4
    if data[-8:] != mark or struct.unpack("<i", data[-12:-8])[0] != len(data):
        raise SystemExit("no seal")
    if hashlib.sha256(data[:-44]).digest() != data[-44:-12]:
        raise SystemExit("another hash")
    return Reader(data[:-44])


def header(r, magic, version):  # section 3
    if r.take(8) != magic or r.number("H") != version or any(r.take(18)):
        raise SystemExit("another header")
    sizes = [r.number(c) for c in "iiiiq"]
    operation, shard = r.number("q"), r.number("i")
    machine = r.take(r.number("B")).decode()
    disk = r.take(r.number("B")).decode()
    return {"layout": sizes, "operation": operation,
            "shard": [machine, disk, shard]}


def card(r):  # section 10
    return json.loads(r.take(r.number("i")).decode())


def footer(data, version=1):  # section 6.3
    r = unseal(data, b"SFfoot1\n")
    out = {"header": header(r, b"SFbase1\n", version), "version": r.number("i"),
           "previous": r.number("i"), "diskBytes": r.number("q"),
           "label": card(r)["label"], "node": r.hash()}
    out["segments"] = r.many(lambda: [r.number("i"), r.number("i"), r.number("i"), r.hash()])
    out["pages"] = r.many(lambda: [r.number("i"), r.number("i"), r.hash(), r.hash()])
    if version == 2:
        out["shared"] = [r.number("i"), r.hash()]
    return r, out


def shared_footer(data):
    return footer(data, 2)


def shared(data):  # section 6.4
    r = Reader(data)
    if r.take(4) != b"SFt1":
        raise SystemExit("another table")
    return r, r.many(lambda: [r.number("i"), r.number("i"), r.number("i")])


def delta(data):  # section 8
    r = unseal(data, b"SFdend1\n")
    out = {"header": header(r, b"SFdelta1", 2), "from": r.number("i"), "to": r.number("i"),
           "fromDiskBytes": r.number("q"), "toDiskBytes": r.number("q"),
           "label": card(r)["label"], "input": r.hash(), "fromNode": r.hash(),
           "toNode": r.hash(), "dataBytes": r.number("q"), "dataHash": r.hash(),
           "pack": r.number("i"), "packOffset": r.number("q")}
    frames = r.many(lambda: struct.unpack("<iHBB", r.take(8)))
    offsets = [sum(f[0] for f in frames[:i]) for i in range(len(frames))]
    out["frames"] = [[o, f[0], f[1], f[2]] for o, f in zip(offsets, frames)]
    out["runs"] = r.many(lambda: [r.number("i"), r.number("i")])
    entries = r.many(lambda: list(struct.unpack("<iHHiHH", r.take(16))) + [r.hash()])
    out["entries"] = [e[:5] + e[6:] for e in entries]
    out["pages"] = r.many(lambda: [r.number("i"), r.hash()])
    return r, out


def merged(data):  # section 8.1
    r = unseal(data, b"SFmend1\n")
    out = {"header": header(r, b"SFmerge1", 2), "level": r.number("i"), "group": r.number("i")}
    out["deltas"] = r.many(lambda: list(struct.unpack("<iiqiq", r.take(28))))
    out["blocks"] = r.many(lambda: [r.number("i"), r.number("i"), r.hash()])
    sources = r.many(lambda: struct.unpack("<HHHHHqiHBB", r.take(26)))
    out["sources"] = [list(s[:9]) for s in sources]
    return r, out


def pack(data):  # section 8.2
    r = unseal(data, b"SFpend1\n")
    if r.take(8) != b"SFpack1\n" or r.number("H") != 1 or any(r.take(18)):
        raise SystemExit("another header")
    if r.number("i") != len(data):
        raise SystemExit("another length")
    out = {"operation": r.number("q"), "number": r.number("i"),
           "machine": r.take(r.number("B")).decode()}
    out["members"] = r.many(lambda: [r.take(r.number("B")).decode()]
                            + list(struct.unpack("<iiiqqi", r.take(32))))
    return r, out


def main():
    kind, path = sys.argv[1:]
    with open(path, encoding="ascii") as file:
        data = bytes.fromhex(file.read())
    reader, out = {
        "footer": footer, "shared-footer": shared_footer, "shared": shared, "delta": delta,
        "merged": merged, "pack": pack}[kind](data)
    if reader.at != len(reader.data):
        raise SystemExit("bytes left over")
    json.dump(out, sys.stdout)


main()
