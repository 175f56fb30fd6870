using Microsoft.Extensions.Primitives;

namespace SnapshotFunctions.Http.Disks;

/// <summary>An entity tag (RFC 9110, 8.8.3).</summary>
/// <param name="Opaque">What stands between the quotes.</param>
/// <param name="IsWeak">Whether it begins with <c>W/</c>.</param>
internal readonly record struct EntityTag(string Opaque, bool IsWeak)
{
    /// <summary>Whether both are strong and equal.</summary>
    public bool StronglyEquals(EntityTag other) =>
        !IsWeak && !other.IsWeak && WeaklyEquals(other);

    /// <summary>Whether both are equal, weak or not.</summary>
    public bool WeaklyEquals(EntityTag other) =>
        string.Equals(Opaque, other.Opaque, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{(IsWeak ? "W/" : string.Empty)}\"{Opaque}\"";

    /// <summary>Reads a text that is one tag and nothing else; null when it is not.</summary>
    public static EntityTag? Parse(ReadOnlySpan<char> text)
    {
        var tag = Take(ref text);
        return text.IsEmpty ? tag : null;
    }

    /// <summary>
    /// Reads a list of tags; null when it is none. Its lines count as one list; a comma within
    /// quotes belongs to the tag.
    /// </summary>
    public static IReadOnlyList<EntityTag>? ParseList(StringValues field)
    {
        var tags = new List<EntityTag>();
        var text = string.Join(',', field.ToArray()).AsSpan();
        while (true)
        {
            text = text.TrimStart(" \t,");
            if (text.IsEmpty) return tags;
            if (Take(ref text) is not { } tag) return null;
            tags.Add(tag);
            text = text.TrimStart(" \t");
            if (!text.IsEmpty && text[0] != ',') return null;
        }
    }

    private static EntityTag? Take(ref ReadOnlySpan<char> text)
    {
        // W is told by case.
        var weak = text.StartsWith("W/", StringComparison.Ordinal);
        var rest = weak ? text[2..] : text;
        if (rest.IsEmpty || rest[0] != '"') return null;
        var end = rest[1..].IndexOf('"');
        if (end < 0) return null;
        var opaque = rest.Slice(1, end);
        foreach (var c in opaque)
            if (c is < '\x21' or '\x7f') return null;
        text = rest[(end + 2)..];
        return new EntityTag(opaque.ToString(), weak);
    }
}
