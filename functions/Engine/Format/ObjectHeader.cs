using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// What every stored structure begins with: its kind, format version, the layout it is cut by, and
/// who it is, so that a catalog can be rebuilt from what lies in storage.
/// </summary>
/// <param name="Shard">The shard it belongs to.</param>
/// <param name="Layout">The sizes it is cut by.</param>
/// <param name="Operation">The operation that wrote it.</param>
public sealed record ObjectHeader(ShardKey Shard, Layout Layout, long Operation)
{
    /// <summary>The format version of a base's footer whose frames have one block each.</summary>
    public const int FormatVersion = 1;

    /// <summary>
    /// The one of a base's footer that has a table of shared frames: who does not know it would take
    /// a frame for dead that another block still names.
    /// </summary>
    public const int SharedFormatVersion = 2;

    /// <summary>
    /// The one of delta and merged indexes: since 2 they say in which pack the frames lie.
    /// </summary>
    public const int DeltaFormatVersion = 2;

    /// <summary>The highest version that object names can hold.</summary>
    internal const int MostVersion = 99_999_999;

    private const int MostShard = 999_999;

    /// <summary>Reserved for encryption: algorithm 0 is none.</summary>
    private const byte NoKeyAlgorithm = 0;

    internal void Write(
        ByteWriter writer, ReadOnlySpan<byte> magic, int formatVersion = FormatVersion)
    {
        writer.Bytes(magic);
        writer.U16(formatVersion);
        writer.U8(NoKeyAlgorithm);
        writer.U8(0);
        writer.Bytes(new byte[16]);
        writer.I32(Layout.SectorBytes);
        writer.I32(Layout.BlockBytes);
        writer.I32(Layout.BlocksPerPage);
        writer.I32(Layout.SegmentBytes);
        writer.I64(Layout.ShardBytes);
        writer.I64(Operation);
        writer.I32(Shard.Shard);
        writer.ShortText(Shard.Machine);
        writer.ShortText(Shard.Disk);
    }

    internal static ObjectHeader Read(
        ref ByteReader reader, ReadOnlySpan<byte> magic, string objectName,
        int formatVersion = FormatVersion) =>
        Read(ref reader, magic, objectName, formatVersion, formatVersion, out _);

    /// <summary>Reads a header of one of several format versions, and tells which.</summary>
    internal static ObjectHeader Read(
        ref ByteReader reader, ReadOnlySpan<byte> magic, string objectName,
        int leastVersion, int mostVersion, out int version)
    {
        var found = reader.Bytes(magic.Length);
        if (!found.SequenceEqual(magic))
            throw new CorruptObjectException(
                objectName, $"'{Encoding.ASCII.GetString(magic)}'",
                $"'{Convert.ToHexStringLower(found)}'");
        version = reader.U16();
        if (version < leastVersion || version > mostVersion)
            throw new CorruptObjectException(
                objectName, leastVersion == mostVersion
                    ? $"format version {leastVersion}"
                    : $"format version {leastVersion} to {mostVersion}", $"version {version}");
        var algorithm = reader.U8();
        if (algorithm != NoKeyAlgorithm)
            throw new CorruptObjectException(
                objectName, "no encryption", $"key algorithm {algorithm}");
        reader.Reserved(1 + 16);
        var layout = ReadLayout(ref reader, objectName);
        var operation = reader.I64();
        var shard = reader.I32();
        var key = new ShardKey(reader.ShortText(), reader.ShortText(), shard);
        // Rebuilding a catalog makes object names from these, so they are held to the rules of names.
        var named = ObjectNames.IsName(key.Machine) && ObjectNames.IsName(key.Disk)
            && shard is >= 0 and <= MostShard && IsOperation(operation);
        return named
            ? new ObjectHeader(key, layout, operation)
            : throw new CorruptObjectException(
                objectName, "a shard and an operation that can be named", $"{key}, {operation}");
    }

    /// <summary>Whether this number fits the twelve digits that object names give it.</summary>
    internal static bool IsOperation(long operation) => operation is >= 0 and <= 999_999_999_999;

    /// <summary>Whether this number fits the eight digits that object names give it.</summary>
    internal static bool IsVersion(int version) => version is >= 0 and <= MostVersion;

    /// <summary>Whether a disk of this size has only shards that can be named.</summary>
    internal bool IsDiskSize(long diskBytes) =>
        diskBytes >= 0 && diskBytes <= Layout.ShardBytes * (MostShard + 1L);

    private static Layout ReadLayout(ref ByteReader reader, string objectName)
    {
        var layout = new Layout(
            reader.I32(), reader.I32(), reader.I32(), reader.I32(), reader.I64());
        try
        {
            return layout.Checked();
        }
        catch (CorruptObjectException error)
        {
            // The layout does not know which object it was read from.
            throw new CorruptObjectException(objectName, error.Expected, error.Found, error);
        }
    }

    /// <summary>Checks that the object is the one its name says.</summary>
    /// <exception cref="CorruptObjectException">It names another shard.</exception>
    public void Expect(ShardKey shard, string objectName)
    {
        if (Shard != shard)
            throw new CorruptObjectException(objectName, $"{shard}", $"{Shard}");
    }
}
