using SnapshotFunctions.Local.Mounting;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary>Tells people what is served and how to attach it.</summary>
internal static class MountWords
{
    /// <summary>The lines.</summary>
    public static IEnumerable<string> Of(MountRecord record, IReadOnlyList<MountedDisk> disks)
    {
        var kind = record.IsWritable ? "writable" : "read-only";
        yield return $"{record.Machine} version {record.Version} is served until Ctrl-C "
            + $"({kind}, mount {record.Id}):";
        foreach (var disk in disks)
        {
            foreach (var uri in disk.Uris)
                yield return $"  {uri}  {Amounts.Bytes(disk.SizeBytes)}";
        }
        var first = disks[0].Uris[0];
        var readOnly = record.IsWritable ? string.Empty : "--readonly ";
        yield return "Attach it with one of:";
        yield return $"  {ClientOf(first, disks[0].Name, record.IsWritable)}";
        yield return $"  qemu-system-x86_64 -drive file='{first}',format=raw,if=virtio"
            + (record.IsWritable ? string.Empty : ",snapshot=on");
        yield return $"  nbdcopy '{first}' disk.raw";
        yield return $"  nbdfuse {readOnly}MOUNTPOINT/disk.raw '{first}'";
        yield return $"  guestfish {(record.IsWritable ? "--rw" : "--ro")} --format=raw -a '{first}' -i";
    }

    private static string ClientOf(string uri, string disk, bool isWritable)
    {
        var parsed = new Uri(uri);
        var readOnly = isWritable ? string.Empty : " -readonly";
        return parsed.Scheme is "nbd"
            ? $"nbd-client {parsed.Host} {parsed.Port} /dev/nbd0 -N {disk} -b 4096{readOnly}"
            : $"nbd-client -u {Uri.UnescapeDataString(parsed.Query["?socket=".Length..])} /dev/nbd0 "
                + $"-N {disk} -b 4096{readOnly}";
    }
}
