#!/usr/bin/env bash
# Makes the demo machine's disk beside this script: v1.qcow2 (full, zstd) and the overlays
# v2.qcow2 .. v5.qcow2, each on the one before, then SHA256SUMS.raw, the sha256 and the size in
# bytes of every version's raw content as `qemu-img convert` writes it.
#
#   make-demo.sh [DIRECTORY]      default: this script's own directory
#
# Needs qemu-img, sgdisk, e2fsprogs and python3; no root, nothing is mounted. File systems are
# edited with debugfs under a pretended time and with fixed UUIDs, so that a second run with the
# same tools gives the same bytes. qcow2 files of other QEMU versions may differ; the raw contents
# do not depend on QEMU at all.
set -euo pipefail
export LC_ALL=C TZ=UTC
umask 022

here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "${1:-$here}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

disk_mib=256
offset=$((1 << 20))             # the partition starts at 1 MiB, as installers lay it out
partition_kib=$(((disk_mib - 2) * 1024))
disk=$work/disk.raw
tree=$work/tree
fs="$disk?offset=$offset"
in_place=/srv/app/customers.db  # the file that is written over, never replaced

day() { export E2FSPROGS_FAKE_TIME=$((1772323200 + ($1 - 1) * 86400)) E2FSCK_TIME; # 2026-03-01
        E2FSCK_TIME=$E2FSPROGS_FAKE_TIME; }

edit() { # debugfs commands on stdin; its exit code says little, so its stderr decides
  debugfs -w -f - "$fs" >/dev/null 2>"$work/err" || true
  if grep -v '^debugfs ' "$work/err"; then echo "make-demo: debugfs failed" >&2; return 1; fi
}

format() {
  # One -E: of several, mkfs.ext4 heeds the last.
  local options=hash_seed=0e5c0c1a-0000-4000-8000-000000000003,root_owner=0:0
  options+=,lazy_itable_init=0,lazy_journal_init=0,nodiscard
  truncate -s ${disk_mib}M "$disk"
  sgdisk -a 2048 -U 0e5c0c1a-0000-4000-8000-000000000000 \
    -n 1:2048:+${partition_kib}K -t 1:8300 -c 1:root \
    -u 1:0e5c0c1a-0000-4000-8000-000000000001 "$disk" >/dev/null
  mkfs.ext4 -q -F -b 4096 -L demo-root -U 0e5c0c1a-0000-4000-8000-000000000002 -J size=4 -m 1 \
    -E "offset=$offset,$options" "$disk" ${partition_kib}k
}

# Brings the file system from the tree of the version before ($work/before) to the present tree.
apply() {
  { (cd "$work/before" && find . -mindepth 1 ! -type d -printf '/%P\n' | sort) |
      while read -r f; do
        if [ ! -e "$tree$f" ] || { [ "$f" != $in_place ] && ! cmp -s "$work/before$f" "$tree$f"; }
        then echo "rm $f"; fi
      done
    (cd "$work/before" && find . -mindepth 1 -type d -printf '/%P\n' | sort -r) |
      while read -r d; do [ -d "$tree$d" ] || echo "rmdir $d"; done
    (cd "$tree" && find . -mindepth 1 -type d -printf '/%P\n' | sort) |
      while read -r d; do [ -d "$work/before$d" ] || echo "mkdir $d"; done
    (cd "$tree" && find . -mindepth 1 -type f -printf '/%P\n' | sort) |
      while read -r f; do
        if [ ! -e "$work/before$f" ] ||
           { [ "$f" != $in_place ] && ! cmp -s "$work/before$f" "$tree$f"; }
        then echo "cd $(dirname "$f")"; echo "write $tree$f $(basename "$f")"; fi
      done
  } > "$work/commands"
  edit < "$work/commands"
  if [ -e "$work/before$in_place" ]; then overwrite; fi
}

# The database keeps its inode and its blocks; it may give back some at its end, but never grows.
overwrite() {
  local blocks have want
  want=$(($(stat -c %s "$tree$in_place") / 4096))
  have=$(debugfs -R "blocks $in_place" "$fs" 2>/dev/null | wc -w)
  if [ "$want" -gt "$have" ]; then echo "make-demo: $in_place grew" >&2; return 1; fi
  { if [ "$want" -lt "$have" ]; then echo "punch $in_place $want"; fi
    echo "sif $in_place size $((want * 4096))"
    echo "sif $in_place mtime @$E2FSPROGS_FAKE_TIME"; } | edit
  blocks=$(debugfs -R "blocks $in_place" "$fs" 2>/dev/null)
  python3 "$here/content.py" overwrite "$disk" "$offset" "$blocks" "$tree$in_place"
}

# $1 version, further arguments for qemu-img convert. Clusters of 16 KiB, where QEMU's default is
# 64, keep the files small: an overlay's tables alone take five clusters.
overlay() {
  local v=$1 p=$(($1 - 1)); shift
  (cd "$work"
   qemu-img create -q -f qcow2 -o cluster_size=16k -b "v$p.qcow2" -F qcow2 full.qcow2
   # Rebasing from the new content to the old keeps just the clusters in which they differ ...
   qemu-img rebase -u -b disk.raw -F raw full.qcow2
   qemu-img rebase -b "v$p.qcow2" -F qcow2 full.qcow2
   # ... and converting them makes zero clusters of what is zero now, as a discard leaves them.
   qemu-img convert -O qcow2 -o cluster_size=16k -B "v$p.qcow2" -F qcow2 "$@" full.qcow2 "v$v.qcow2"
   rm full.qcow2)
}

mkdir -p "$tree"
for v in 1 2 3 4 5; do
  day $v
  rm -rf "$work/before"; cp -a "$tree" "$work/before"
  python3 "$here/content.py" files $v "$tree"
  if [ $v = 1 ]; then format; fi
  apply
  # fsck proves the edited file system; a discard here is what fstrim does in a running machine.
  discard=(); if [ $v = 4 ]; then discard=(-E discard); fi
  e2fsck -fp "${discard[@]}" "$fs" > "$work/fsck" || { cat "$work/fsck" >&2; exit 1; }
  case $v in
    1) qemu-img convert -O qcow2 -c -o compression_type=zstd "$disk" "$work/v1.qcow2" ;;
    3) overlay 3 -c ;;                            # deflate, QEMU's default
    5) overlay 5 -c -o compression_type=zstd ;;
    *) overlay $v ;;                              # as a running machine leaves them
  esac
  qemu-img convert -O raw "$work/v$v.qcow2" "$work/check.raw"
  cmp "$work/check.raw" "$disk"
  printf '%s  v%s.qcow2  %s\n' "$(sha256sum < "$work/check.raw" | cut -d' ' -f1)" $v \
    "$(stat -c %s "$work/check.raw")" >> "$work/SHA256SUMS.raw"
done
cp "$work"/v[1-5].qcow2 "$work/SHA256SUMS.raw" "$out/"
