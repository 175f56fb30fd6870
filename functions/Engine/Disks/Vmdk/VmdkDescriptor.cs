using System.Globalization;
using System.Text;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>What a VMDK's descriptor says: the text in a file of its own or within the image.</summary>
/// <param name="CreateType">The variant, as its writer calls it.</param>
/// <param name="ContentId">Changes whenever the disk is written to.</param>
/// <param name="ParentContentId">That of the parent; null where there is none.</param>
/// <param name="ParentName">The parent's file, only ever shown.</param>
/// <param name="Extents">Where the disk lies.</param>
internal sealed record VmdkDescriptor(
    string CreateType, uint? ContentId, uint? ParentContentId, string? ParentName,
    IReadOnlyList<VmdkExtentLine> Extents)
{
    /// <summary>The longest descriptor.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>The most extents: each is a file that stays open.</summary>
    public const int MostExtents = 256;

    private const uint NoParent = uint.MaxValue;

    /// <summary>Reads the text; what follows its first zero byte is room to grow.</summary>
    /// <exception cref="Model.InvalidImageException">It cannot be read as a descriptor.</exception>
    public static VmdkDescriptor Parse(ReadOnlySpan<byte> bytes, ImageFaults faults)
    {
        var end = bytes.IndexOf((byte)0);
        var text = Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var extents = new List<VmdkExtentLine>();
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim().ToString();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (ExtentOf(line, number, faults) is { } extent)
            {
                extents.Add(extent);
                if (extents.Count > MostExtents)
                    throw faults.Header($"at most {MostExtents} extents", $"more, in line {number}");
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw faults.Header(
                    "lines of NAME=VALUE and of extents", $"'{Shown(line)}' in line {number}");
            var name = line[..equals].TrimEnd();
            if (!values.TryAdd(name, line[(equals + 1)..].Trim().Trim('"')) && IsUsed(name))
                throw faults.Header(
                    $"'{name}' once", $"a second one in line {number}");
        }

        var parent = Id(values, "parentCID", faults);
        var hint = values.GetValueOrDefault("parentFileNameHint");
        if (hint is not null && parent is null or NoParent)
            throw faults.Header($"the parentCID of '{Shown(hint)}'", "none");
        return new VmdkDescriptor(
            values.GetValueOrDefault("createType") ?? "unnamed", Id(values, "CID", faults),
            parent is NoParent ? null : parent, hint, extents);
    }

    private static uint? Id(Dictionary<string, string> values, string name, ImageFaults faults)
    {
        if (!values.TryGetValue(name, out var text))
            return null;
        return uint.TryParse(
            text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw faults.Header($"{name} of at most 8 hexadecimal digits", $"'{Shown(text)}'");
    }

    /// <summary><c>RW 4192256 FLAT "disk-f001.vmdk" 0</c>; null for another line.</summary>
    private static VmdkExtentLine? ExtentOf(string line, int number, ImageFaults faults)
    {
        var words = line.Split(
            (char[]?)null, 4, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length < 3 || words[0] is not ("RW" or "RDONLY" or "NOACCESS"))
            return null;
        var found = $"'{Shown(line)}' in line {number}";
        if (words[0] is "NOACCESS")
            throw faults.Unsupported(
                "extents that may be read", found, "Convert it to qcow2.");
        if (!long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || size is 0 or > ImageLimits.DiskBytes / VmdkHeader.SectorBytes)
            throw faults.Header("an extent's size in sectors", found);
        size *= VmdkHeader.SectorBytes;
        if (words[2] is "ZERO")
            return new VmdkExtentLine(size, words[2], null, 0);
        var rest = words.Length < 4 ? string.Empty : words[3];
        var quote = rest.LastIndexOf('"');
        if (rest.Length < 3 || rest[0] != '"' || quote < 2)
            throw faults.Header("an extent's file in quotes", found);
        var offset = 0L;
        if (rest[(quote + 1)..].Trim() is { Length: > 0 } last
            && (!long.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out offset)
                || offset > long.MaxValue / VmdkHeader.SectorBytes / 2))
            throw faults.Header("an extent's place in sectors", found);
        return new VmdkExtentLine(
            size, words[2], rest[1..quote], offset * VmdkHeader.SectorBytes);
    }

    private static bool IsUsed(string name) =>
        name.ToUpperInvariant() is "CID" or "PARENTCID" or "CREATETYPE" or "PARENTFILENAMEHINT";

    private static string Shown(string text) => text.Length > 80 ? text[..80] + " …" : text;
}
