using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Disks;

/// <summary>One range as a request names it (RFC 9110, 14.1.1), before it meets a length.</summary>
/// <param name="First">The first byte; for a suffix, how many bytes of the end.</param>
/// <param name="Last">The last byte, itself in the range; null for an open end.</param>
/// <param name="IsSuffix">Whether it counts from the end.</param>
internal readonly record struct RangeSpec(long First, long? Last, bool IsSuffix)
{
    /// <summary>The bytes it names of a representation; null when there is none of them.</summary>
    public ByteRange? Of(long sizeBytes)
    {
        if (IsSuffix)
            return First == 0 || sizeBytes == 0
                ? null
                : new ByteRange(Math.Max(0, sizeBytes - First), sizeBytes);
        if (First >= sizeBytes) return null;
        var last = Math.Min(Last ?? long.MaxValue, sizeBytes - 1);
        return new ByteRange(First, last + 1);
    }

    /// <summary>
    /// Whether the RFC calls it satisfiable. A suffix of an empty representation is, though no
    /// Content-Range can tell of its no bytes: it is answered with the whole.
    /// </summary>
    public bool IsSatisfiable(long sizeBytes) => IsSuffix ? First > 0 : First < sizeBytes;
}
