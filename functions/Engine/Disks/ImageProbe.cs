using System.Buffers.Binary;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>The start and the end of a file, to tell its format by.</summary>
/// <param name="Head">Its first bytes, at most <see cref="HeadBytes"/>.</param>
/// <param name="Tail">Its last bytes, at most <see cref="TailBytes"/>.</param>
internal sealed record ImageProbe(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail)
{
    /// <summary>How much of the start is read.</summary>
    public const int HeadBytes = 4096;

    /// <summary>How much of the end is read: the footer of a VHD.</summary>
    public const int TailBytes = 512;

    /// <summary>Whether the file holds these bytes at an offset.</summary>
    public bool HasAt(int offset, ReadOnlySpan<byte> magic) =>
        Head.Length >= offset + magic.Length
        && Head.Span.Slice(offset, magic.Length).SequenceEqual(magic);

    /// <summary>
    /// Whether a VHD footer with a right checksum stands at the end or the start.
    /// </summary>
    /// <remarks>
    /// The last sector of a raw disk is the guest's to write, so the cookie alone says too little.
    /// </remarks>
    public bool HasVhdFooter() =>
        IsVhdFooter(Tail.Span)
        || (Head.Length >= TailBytes && IsVhdFooter(Head.Span[..TailBytes]));

    private static bool IsVhdFooter(ReadOnlySpan<byte> footer)
    {
        const int ChecksumAt = 64;
        if (footer.Length < TailBytes || !footer.StartsWith("conectix"u8))
            return false;
        var sum = 0U;
        for (var i = 0; i < footer.Length; i++)
            sum += i is >= ChecksumAt and < ChecksumAt + 4 ? 0U : footer[i];
        return BinaryPrimitives.ReadUInt32BigEndian(footer[ChecksumAt..]) == ~sum;
    }
}
