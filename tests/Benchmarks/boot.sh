#!/bin/bash
# Starts a machine from its newest version, lets it write, and commits what it wrote.
#   boot.sh STORE MACHINE WORK [OFFSET]
# The kernel and the initrd are taken out of the version through the mount, the root disk is the
# writable mount over NBD, and the console is a serial line: the script waits for the login prompt,
# logs in as root, writes a file and powers off. The new version must hold the file, on a file system
# that e2fsck finds clean, and the version below must still have its bytes.
# OFFSET is where the ext4 root partition begins in bytes (2 MiB); ROOT is what the guest calls it.
# SNAPSHOTS names the program. Needs qemu-system-x86, libnbd-bin with nbdfuse, e2fsprogs, python3;
# uses KVM where /dev/kvm can be had, else emulates; ACCEL=tcg emulates in any case, as within virtual
# machines whose KVM lacks what a guest's kernel needs.
set -euo pipefail
ST=$1; VM=$2; W=$3; OFF=${4:-2097152}; S=${SNAPSHOTS:?the snapshots program}; ROOT=${ROOT:-/dev/vda2}
ACCEL=${ACCEL:-$([ -w /dev/kvm ] && echo kvm || echo tcg)}
HERE=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$W/fuse"; rm -f "$W"/*.sock "$W/kernel" "$W/initrd"
serve() { # SOCKET ARGUMENTS...: mounts, and sets URI, ID and SERVER
  local socket=$1; shift
  rm -f "$W/mount.json"
  "$S" mount "$@" --unix "$socket" --store "$ST" --json > "$W/mount.json" 2>> "$W/log" & SERVER=$!
  for _ in $(seq 600); do grep -qs '^}' "$W/mount.json" && break; sleep 0.1; done
  URI=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["disks"][0]["uris"][0])' "$W/mount.json")
  ID=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["id"])' "$W/mount.json")
}
stop() { kill -TERM "$SERVER"; wait "$SERVER" || true; SERVER=; }
look_in() { nbdfuse "$@" "$W/fuse/disk" "$URI" & FUSE=$!
  for _ in $(seq 300); do [ -s "$W/fuse/disk" ] && return; sleep 0.1; done; return 1; }
look_out() { fusermount3 -u "$W/fuse"; wait "$FUSE" || true; FUSE=; }
clean_up() {
  [ -z "${FUSE:-}" ] || fusermount3 -u "$W/fuse" || true
  [ -z "${SERVER:-}" ] || kill -TERM "$SERVER" || true
}
trap clean_up EXIT
root() { debugfs "$@" "$W/fuse/disk?offset=$OFF" 2>> "$W/log"; }
versions() { "$S" list "$VM" --store "$ST" --json; }
newest() { versions | python3 -c '
import json, sys
print(max(v["version"] for v in json.load(sys.stdin)["versions"]))'; }
SIZE=$(versions | python3 -c 'import json, sys; print(json.load(sys.stdin)["versions"][-1]["sizeBytes"])')
disk_hash() {
  "$S" read "$VM" "$1" --offset 0 --length "$SIZE" --store "$ST" | sha256sum | cut -d' ' -f1; }

BEFORE=$(newest); HASH=$(disk_hash "$BEFORE")
serve "$W/disk.sock" "$VM" "$BEFORE" --writable
look_in
KERNEL=$(root -R 'ls -p /boot' | tr / '\n' | grep '^vmlinuz-' | sort -V | tail -1)
root -R "dump /boot/$KERNEL $W/kernel"
root -R "dump /boot/initrd.img-${KERNEL#vmlinuz-} $W/initrd"
# Nobody may log in to an image out of debootstrap: root gets an empty password, in the overlay alone.
root -R "cat /etc/shadow" | sed 's/^root:[^:]*:/root::/' > "$W/shadow"
printf 'rm /etc/shadow\nwrite %s /etc/shadow\nsif /etc/shadow mode 0100640\nsif /etc/shadow gid 42\n' \
  "$W/shadow" > "$W/edit"
root -w -f "$W/edit" > /dev/null
look_out
echo "version $BEFORE is mounted as $ID; $KERNEL and its initrd came out of it"

CPU=(-accel "$ACCEL" -cpu "$([ "$ACCEL" = kvm ] && echo host,arch-capabilities=off || echo max)")
FROM=$(date +%s%N)
qemu-system-x86_64 "${CPU[@]}" -m 1024 -smp 2 -display none -nodefaults -no-reboot \
  -kernel "$W/kernel" -initrd "$W/initrd" -append "root=$ROOT rw console=ttyS0" \
  -drive "file=$URI,format=raw,if=virtio,discard=unmap" \
  -serial "unix:$W/console.sock,server=on,wait=off" & GUEST=$!
python3 "$HERE/console.py" "$W/console.sock" "$W/console.log" "$FROM" "$GUEST" || { kill $GUEST; exit 1; }
wait $GUEST
stop
"$S" mount commit "$ID" --store "$ST" 2>> "$W/log" | tail -1
AFTER=$(newest)
[ "$AFTER" = $((BEFORE + 1)) ] || { echo "expected version $((BEFORE + 1)), found $AFTER"; exit 1; }

serve "$W/disk.sock" "$VM" "$AFTER"
look_in --readonly
[ "$(root -R 'cat /root/guest')" = "written by the guest" ] || { echo "the file is not there"; exit 1; }
e2fsck -fn "$W/fuse/disk?offset=$OFF" > "$W/fsck.log" 2>&1 || { cat "$W/fsck.log"; exit 1; }
look_out; stop
[ "$(disk_hash "$BEFORE")" = "$HASH" ] || { echo "version $BEFORE has changed"; exit 1; }
echo "version $AFTER holds what the guest wrote, e2fsck finds it clean, and version $BEFORE is as it was"
