using System.Buffers;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Ports;

/// <summary>
/// What every store refuses before it does anything, so that a call which one store would refuse
/// fails on all of them. Each check throws <see cref="StoreRefusedException"/>.
/// </summary>
public static class ObjectRules
{
    /// <summary>The longest object that is written by one Put.</summary>
    public const int MostPutBytes = 64 << 20;

    /// <summary>The most blocks an object is made of.</summary>
    public const int MostBlocks = 50_000;

    /// <summary>The longest block id, decoded.</summary>
    public const int MostBlockIdBytes = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._/");

    private static readonly SearchValues<char> MetadataCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    /// <summary>Whether this may name an object; see <see cref="IObjectStore"/>.</summary>
    public static bool IsName(string name)
    {
        if (name.Length is < 1 or > 1024 || name.AsSpan().ContainsAnyExcept(NameCharacters))
            return false;
        foreach (var part in name.AsSpan().Split('/'))
        {
            if (name.AsSpan()[part] is "" or "." or "..")
                return false;
        }

        return true;
    }

    /// <summary>Refuses what may not name an object.</summary>
    public static void CheckName(string name)
    {
        if (!IsName(name))
        {
            throw Refused(
                name, "expected a name of 1 to 1,024 of a-z, 0-9, '-', '.', '_' and '/', "
                + "no part of it empty, \".\" or \"..\"");
        }
    }

    /// <summary>Refuses a condition that cannot hold, and metadata not every store can keep.</summary>
    public static void CheckOptions(string name, WriteOptions options)
    {
        if (options.IfAbsent && options.IfMatch is not null)
            throw Refused(name, "a write cannot be asked to create and to replace");
        if (options.Metadata is null)
            return;
        foreach (var (key, value) in options.Metadata)
        {
            var keyFits = key.Length is >= 1 and <= 64 && char.IsAsciiLetterLower(key[0])
                && !key.AsSpan().ContainsAnyExcept(MetadataCharacters);
            if (!keyFits || value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw Refused(
                    name, $"metadata '{key}': expected lower-case letters and digits "
                    + "as its name and printable ASCII as its value");
            }
        }
    }

    /// <summary>Refuses a copy that no store makes.</summary>
    public static void CheckCopy(string source, string destination, CopyOptions options)
    {
        CheckName(source);
        CheckName(destination);
        CheckOptions(destination, new WriteOptions(Metadata: options.MetadataOf(source)));
        if (string.Equals(source, destination, StringComparison.Ordinal))
            throw Refused(destination, "a copy onto itself");
        if (options.Tier == StorageTier.Archive)
            throw Refused(destination, "a copy to Archive, where it could not be read");
    }

    /// <summary>Refuses a Put of this length.</summary>
    public static void CheckPutLength(string name, int lengthBytes)
    {
        if (lengthBytes > MostPutBytes)
            throw Refused(name, $"a Put of {lengthBytes} bytes; at most {MostPutBytes} are written at once");
    }

    /// <summary>Refuses a block that no store can stage: no base 64, too long an id, no bytes.</summary>
    public static void CheckBlock(string name, string blockId, int lengthBytes)
    {
        _ = CheckBlockId(name, blockId);
        if (lengthBytes == 0)
            throw Refused(name, "a block without bytes");
    }

    /// <summary>Refuses a list too long, or with an id that cannot be.</summary>
    public static void CheckBlockList(string name, IReadOnlyList<BlockReference> blocks)
    {
        if (blocks.Count > MostBlocks)
            throw Refused(name, $"a list of {blocks.Count} blocks; at most {MostBlocks} make an object");
        for (var index = 0; index < blocks.Count; index++)
            _ = CheckBlockId(name, blocks[index].Id);
    }

    /// <summary>The decoded length of a block's id; refuses what is no id.</summary>
    public static int CheckBlockId(string name, string blockId)
    {
        Span<byte> decoded = stackalloc byte[MostBlockIdBytes];
        return Convert.TryFromBase64String(blockId, decoded, out var length) && length > 0
            && blockId.Length == (length + 2) / 3 * 4
            ? length
            : throw Refused(
                name, $"block id '{blockId}': expected base 64 of 1 to {MostBlockIdBytes} bytes");
    }

    /// <summary>Refuses a range that does not lie within an object.</summary>
    public static void CheckRange(string name, long offset, int lengthBytes, long objectBytes)
    {
        if (offset < 0 || offset > objectBytes - lengthBytes)
        {
            throw Refused(
                name, $"bytes {offset} to {offset + lengthBytes} of an object of {objectBytes} bytes");
        }
    }

    private static StoreRefusedException Refused(string name, string why) => new(name, why);
}
