#!/usr/bin/env python3
"""console.py SOCKET LOG STARTED_NS PID: logs in at a guest's serial console, writes a file, powers off."""
import os, re, socket, sys, time

path, log = sys.argv[1], open(sys.argv[2], "wb")
started, guest = int(sys.argv[3]), int(sys.argv[4])
limit = time.monotonic() + 900
while True:
    try:
        line = socket.socket(socket.AF_UNIX)
        line.connect(path)
        break
    except OSError:
        line.close()
        try:
            os.kill(guest, 0)
        except ProcessLookupError:
            sys.exit("the guest's machine did not start")
        if time.monotonic() > limit:
            sys.exit("no console at " + path)
        time.sleep(0.05)
line.settimeout(1)
seen = b""


def expect(pattern):
    """Reads on until a pattern was seen, and forgets what came before its end."""
    global seen
    while not (found := re.search(pattern, seen)):
        if time.monotonic() > limit:
            sys.exit("waited in vain for %r; the console said: %s" % (
                pattern, seen[-2000:].decode(errors="replace")))
        try:
            got = line.recv(65536)
        except socket.timeout:
            continue
        if not got:
            sys.exit("the guest ended before %r" % pattern)
        log.write(got)
        log.flush()
        seen += got
    seen = seen[found.end():]


def say(text):
    line.sendall(text.encode() + b"\r")


expect(rb"login: ")
print("login prompt after %.1f s" % ((time.time_ns() - started) / 1e9), flush=True)
say("root")
expect(rb"# ")
# The echo of the command must not pass for its answer.
say("echo written by the guest > /root/guest && sync && echo is-""written-$((6*7))")
expect(rb"is-written-42")
say("poweroff")
while True:
    try:
        got = line.recv(65536)
    except socket.timeout:
        if time.monotonic() > limit:
            sys.exit("the guest does not end")
        continue
    except OSError:
        break
    if not got:
        break
    log.write(got)
print("the guest wrote and went down after %.1f s" % ((time.time_ns() - started) / 1e9), flush=True)
