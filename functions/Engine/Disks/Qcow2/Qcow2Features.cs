using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>
/// qcow2's incompatible features: which are read, and the names of those that are not.
/// </summary>
internal static class Qcow2Features
{
    /// <summary>Compressed clusters are not zlib; the header says what they are.</summary>
    public const ulong CompressionType = 1UL << 3;

    /// <summary>L2 entries are 16 bytes long, with subclusters.</summary>
    public const ulong ExtendedL2 = 1UL << 4;

    private const ulong Dirty = 1UL << 0;
    private const ulong Corrupt = 1UL << 1;
    private const ulong ExternalData = 1UL << 2;
    private const ulong Known = Dirty | Corrupt | ExternalData | CompressionType | ExtendedL2;
    private const uint NameTable = 0x6803F857;
    private const int NameEntryBytes = 48;
    private const int NameBytes = 46;

    /// <summary>Refuses what cannot be read, each by its name.</summary>
    /// <param name="faults">Words the refusal.</param>
    /// <param name="window">The file's start; extensions past it are not looked at.</param>
    /// <param name="headerBytes">Where the header extensions begin.</param>
    /// <param name="features">The incompatible features that are set.</param>
    /// <exception cref="Model.InvalidImageException">One of them cannot be read.</exception>
    public static void Check(
        ImageFaults faults, ReadOnlySpan<byte> window, int headerBytes, ulong features)
    {
        var names = NamesAt(faults, window, headerBytes);
        if ((features & ~Known) is not 0 and var unknown)
            throw faults.Unsupported(
                "only features that this version reads",
                $"incompatible feature {NameOf(window, names, unknown)}",
                "Convert the image without that feature.");
        if ((features & Corrupt) != 0)
            throw faults.Refused(
                "corrupt", "an image that is not marked corrupt", "the corrupt bit",
                "Repair it with qemu-img check -r all, or upload another copy.");
        if ((features & ExternalData) != 0)
            throw faults.Refused(
                "external-data", "an image that holds its data itself", "an external data file",
                "Convert it to one without an external data file.");
    }

    private static string NameOf(ReadOnlySpan<byte> window, Range names, ulong unknown)
    {
        var bit = BitOperations.TrailingZeroCount(unknown);
        for (var rest = window[names]; rest.Length >= NameEntryBytes; rest = rest[NameEntryBytes..])
        {
            if (rest[0] != 0 || rest[1] != bit)
                continue;
            var name = rest.Slice(2, NameBytes);
            var end = name.IndexOf((byte)0);
            return $"'{Encoding.UTF8.GetString(end < 0 ? name : name[..end])}' (bit {bit})";
        }

        return $"bit {bit}";
    }

    /// <summary>
    /// Walks the header extensions; each is checked, only the name table is kept.
    /// </summary>
    private static Range NamesAt(ImageFaults faults, ReadOnlySpan<byte> window, int headerBytes)
    {
        // Extensions end where the backing file's name begins, or with the first cluster.
        var clusterBytes = 1L << (int)BinaryPrimitives.ReadUInt32BigEndian(window[20..]);
        var backing = BinaryPrimitives.ReadUInt64BigEndian(window[8..]);
        var end = backing is 0 || backing > (ulong)clusterBytes ? clusterBytes : (long)backing;
        end = Math.Min(end, window.Length);
        var names = new Range(0, 0);
        for (var at = headerBytes; at + 8 <= end;)
        {
            var type = BinaryPrimitives.ReadUInt32BigEndian(window[at..]);
            var length = BinaryPrimitives.ReadUInt32BigEndian(window[(at + 4)..]);
            if (type == 0)
                break;
            if (length > end - at - 8)
                throw faults.Header(
                    $"a header extension of at most {end - at - 8} bytes", $"{length}", at);
            if (type == NameTable)
                names = new Range(at + 8, at + 8 + (int)length);
            at += 8 + (int)((length + 7) & ~7U);
        }

        return names;
    }
}
