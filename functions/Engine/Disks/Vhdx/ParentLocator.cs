using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>
/// What a differencing VHDX says of its parent: identifiers, which are compared, and paths, of
/// which one is shown. Nothing is ever opened by them.
/// </summary>
/// <param name="Ids">The data identifiers that the parent may have.</param>
/// <param name="Name">A path of the parent; null where there is none.</param>
internal sealed record ParentLocator(IReadOnlyList<string> Ids, string? Name)
{
    private const int HeaderBytes = 20;
    private const int EntryBytes = 12;
    private const int MostEntries = 64;
    private const int MostBytes = 64 << 10;
    private static readonly string[] Paths =
        ["relative_path", "absolute_win32_path", "volume_path"];

    /// <summary>Reads a parent locator.</summary>
    /// <exception cref="InvalidImageException">It is damaged or of an unknown type.</exception>
    public static async ValueTask<ParentLocator> ReadAsync(
        IByteSource source, ByteRange item, ImageFaults faults, CancellationToken cancellation)
    {
        if (item.Length is < HeaderBytes or > MostBytes)
            throw faults.Header(
                $"a parent locator of {HeaderBytes} to {MostBytes} bytes", $"{item.Length}",
                item.Offset);
        var bytes = new byte[item.Length];
        await source.ReadAsync(item.Offset, bytes, cancellation);
        var type = new Guid(bytes.AsSpan(0, 16));
        if (type != VhdxIds.VhdxLocator)
            throw faults.Unsupported(
                "a parent locator of VHDX", $"one of type {type:D}",
                "Convert it with the program that made it.");
        var values = ValuesOf(bytes, item.Offset, faults);
        var ids = new List<string>();
        foreach (var key in new[] { "parent_linkage", "parent_linkage2" })
        {
            if (!values.TryGetValue(key, out var text))
                continue;
            if (!Guid.TryParse(text, out var id))
                throw faults.Header($"an identifier as {key}", $"'{text}'", item.Offset);
            if (id != Guid.Empty)
                ids.Add(id.ToString("D"));
        }

        if (ids.Count == 0)
            throw faults.Header("a parent_linkage in the parent locator", "none", item.Offset);
        return new ParentLocator(
            ids, Paths.Select(p => values.GetValueOrDefault(p)).FirstOrDefault(p => p is not null));
    }

    private static Dictionary<string, string> ValuesOf(
        byte[] bytes, long at, ImageFaults faults)
    {
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(18));
        if (count > MostEntries || HeaderBytes + (count * EntryBytes) > bytes.Length)
            throw faults.Header($"at most {MostEntries} entries in a parent locator", $"{count}", at);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.AsSpan(HeaderBytes + (i * EntryBytes), EntryBytes);
            var key = TextOf(bytes, entry, 0, 8, at, faults);
            if (!values.TryAdd(key, TextOf(bytes, entry, 4, 10, at, faults)))
                throw faults.Header("each key of a parent locator once", $"'{key}' twice", at);
        }

        return values;
    }

    private static string TextOf(
        byte[] bytes, ReadOnlySpan<byte> entry, int offsetAt, int lengthAt, long at,
        ImageFaults faults)
    {
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(entry[offsetAt..]);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(entry[lengthAt..]);
        return offset <= bytes.Length - length && length % 2 == 0
            ? Encoding.Unicode.GetString(bytes, (int)offset, length)
            : throw faults.Header(
                "texts within the parent locator", $"{length} bytes at {offset}", at);
    }
}
