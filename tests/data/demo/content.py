#!/usr/bin/env python3
"""The content of the demo machine's disk, version by version, and nothing of the disk itself.

content.py files VERSION TREE      writes the files of VERSION over those of the version before
content.py overwrite IMAGE OFFSET BLOCKS FILE
                                   writes FILE over the 4 KiB file system blocks it already has

Everything is made from seeded generators and a seeded SQLite database, so that a second run gives
the same bytes (with the same SQLite: its version number stands in the header of its files).
"""
import os
import random
import sqlite3
import sys

BLOCK_BYTES = 4096
NAMES = "Ada Alan Barbara Donald Edsger Frances Grace Hedy John Ken Leslie Margaret Niklaus".split()
TOWNS = "Aachen Bergen Coimbra Delft Espoo Fribourg Ghent Heraklion Innsbruck Jena Krakow".split()


def text(rng, lines, day):
    """A log of one day: it compresses well, as logs do, yet no two lines are the same."""
    out = []
    for i in range(lines):
        out.append(f"2026-03-{day:02} {i // 3600 % 24:02}:{i // 60 % 60:02}:{i % 60:02} "
                   f"GET /customers/{rng.randrange(5000)} 200 {rng.randrange(90, 9000)} us\n")
    return "".join(out)


def put(tree, path, data, append=False):
    path = os.path.join(tree, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    mode = "ab" if append else "wb"
    with open(path, mode) as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def program(rng, size):
    """Half code-like, half random: what a program or a package is to a compressor."""
    words = [rng.randbytes(4) for _ in range(600)]
    half = b"".join(rng.choices(words, k=size // 8))
    return half + rng.randbytes(size - len(half))


def database(tree, seed, work):
    path = os.path.join(tree, "srv/app/customers.db")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    # Pages as large as the file system's blocks, no journal left behind. Free pages keep their
    # old bytes whatever this SQLite's default is: zeroed ones would be copied as holes.
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma page_size=4096")
    db.execute("pragma journal_mode=memory")
    db.execute("pragma secure_delete=off")
    db.execute("begin")
    work(db, random.Random(seed))
    db.execute("commit")
    return db


def customers(rng, ids):
    for i in ids:
        yield (i, f"{rng.choice(NAMES)} {rng.choice(NAMES)}son", rng.choice(TOWNS),
               f"{rng.randrange(10**8):08}", rng.randrange(10**5) / 100)


def version1(tree):
    rng = random.Random(1)
    put(tree, "etc/hostname", "demo01\n")
    put(tree, "etc/motd", "The demo machine, version 1: just installed.\n")
    put(tree, "etc/app.ini", "[app]\nport = 8080\nworkers = 2\ndatabase = /srv/app/customers.db\n")
    put(tree, "home/ada/notes.txt", "Remember: the report is due on the fifth.\n" * 40)
    put(tree, "opt/app-1.0/app", program(rng, 160_000))
    put(tree, "opt/app-1.0/LICENSE", "Do as you like with the demo.\n" * 200)
    for i in range(1, 5):
        put(tree, f"srv/photos/000{i}.jpg", b"\xff\xd8\xff\xe0" + rng.randbytes(30_000 + 9_000 * i))
    put(tree, "var/log/app.log", text(rng, 5_000, 1))

    def work(db, rng):
        db.execute("create table customer(id integer primary key, name, town, phone, balance)")
        db.execute("create index town on customer(town)")
        db.executemany("insert into customer values(?,?,?,?,?)", customers(rng, range(1, 13_001)))
        # The free pages that this leaves take version 3's rows, so that the file does not grow.
        # Committed first: a page freed before it was ever written stays a hole.
        db.execute("commit")
        db.execute("begin")
        db.execute("delete from customer where id > 12000")
    database(tree, 11, work).close()


def version2(tree):
    """An ordinary day: the log grows, a setting is edited, a few rows are updated in place."""
    rng = random.Random(2)
    put(tree, "etc/motd", "The demo machine, version 2: a day later.\n")
    put(tree, "etc/app.ini", "[app]\nport = 8080\nworkers = 4\ndatabase = /srv/app/customers.db\n")
    put(tree, "var/log/app.log", text(rng, 1_200, 2), append=True)

    def work(db, rng):
        for i in rng.sample(range(1, 12_001), 12):
            db.execute("update customer set balance=balance+? where id=?", (rng.randrange(99), i))
    database(tree, 12, work).close()


def version3(tree):
    """A release: a second program comes beside the first, customers are added."""
    rng = random.Random(3)
    put(tree, "etc/motd", "The demo machine, version 3: application 1.1 installed.\n")
    put(tree, "opt/app-1.1/app", program(rng, 300_000))
    put(tree, "opt/app-1.1/LICENSE", "Do as you like with the demo.\n" * 200)
    put(tree, "var/log/app.log", text(rng, 900, 3), append=True)

    def work(db, rng):
        rows = customers(rng, range(12_001, 12_401))
        db.executemany("insert into customer values(?,?,?,?,?)", rows)
    database(tree, 13, work).close()


def version4(tree):
    """Cleaning up: the old program and two photos go; what they held is discarded."""
    put(tree, "etc/motd", "The demo machine, version 4: cleaned up.\n")
    for gone in ("opt/app-1.0/app", "opt/app-1.0/LICENSE", "srv/photos/0001.jpg",
                 "srv/photos/0003.jpg"):
        os.remove(os.path.join(tree, gone))
    os.rmdir(os.path.join(tree, "opt/app-1.0"))


def version5(tree):
    """Housekeeping: rows are deleted and the database is written anew, the log is rotated."""
    put(tree, "etc/motd", "The demo machine, version 5: database vacuumed, log rotated.\n")
    os.rename(os.path.join(tree, "var/log/app.log"), os.path.join(tree, "var/log/app.log.1"))
    put(tree, "var/log/app.log", text(random.Random(5), 300, 5))

    def work(db, _):
        db.execute("delete from customer where id % 3 = 0")
    db = database(tree, 15, work)
    db.execute("vacuum")
    db.close()


def overwrite(image, offset, blocks, source):
    """In place, as a database writes: the file keeps its blocks, changed ones get new bytes."""
    with open(source, "rb") as f, open(image, "r+b") as disk:
        for block in blocks:
            data = f.read(BLOCK_BYTES)
            disk.seek(offset + block * BLOCK_BYTES)
            old = disk.read(BLOCK_BYTES)
            if old != data:
                disk.seek(offset + block * BLOCK_BYTES)
                disk.write(data)


if __name__ == "__main__":
    if sys.argv[1] == "files":
        globals()["version" + sys.argv[2]](sys.argv[3])
    else:
        _, _, image, offset, blocks, source = sys.argv
        overwrite(image, int(offset), [int(b) for b in blocks.split()], source)
