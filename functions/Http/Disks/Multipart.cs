using System.Security.Cryptography;
using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Disks;

/// <summary>What stands between the parts of several ranges (RFC 9110, 14.6).</summary>
internal sealed class Multipart
{
    private readonly string _boundary;
    private readonly long _sizeBytes;

    /// <summary>A frame for ranges of a disk.</summary>
    /// <param name="sizeBytes">The disk's size.</param>
    /// <param name="boundary">Null for one by chance, which no stored byte can foresee.</param>
    public Multipart(long sizeBytes, string? boundary = null) =>
        (_sizeBytes, _boundary) = (
            sizeBytes, boundary ?? RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <summary>The media type.</summary>
    public string ContentType => $"multipart/byteranges; boundary={_boundary}";

    /// <summary>What comes before the bytes of a part.</summary>
    public byte[] Before(ByteRange range, bool isFirst) => Encoding.ASCII.GetBytes(
        $"{(isFirst ? string.Empty : "\r\n")}--{_boundary}\r\n"
        + $"Content-Type: {DiskAnswer.MediaType}\r\n"
        + $"Content-Range: {ContentRange(range, _sizeBytes)}\r\n\r\n");

    /// <summary>What comes after the last part.</summary>
    public byte[] After() => Encoding.ASCII.GetBytes($"\r\n--{_boundary}--\r\n");

    /// <summary>The length of the whole body.</summary>
    public long LengthOf(IReadOnlyList<ByteRange> ranges)
    {
        long length = After().Length;
        for (var i = 0; i < ranges.Count; i++)
            length += Before(ranges[i], i == 0).Length + ranges[i].Length;
        return length;
    }

    /// <summary>The value of Content-Range for a range.</summary>
    public static string ContentRange(ByteRange range, long sizeBytes) =>
        $"bytes {range.Offset}-{range.End - 1}/{sizeBytes}";
}
