using SnapshotFunctions.Engine.Disks.Vhd;

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

    private static ReadOnlySpan<byte> Mark => "conectix"u8;

    /// <summary>Whether the file holds these bytes at an offset.</summary>
    public bool HasAt(int offset, ReadOnlySpan<byte> magic) =>
        Head.Length >= offset + magic.Length
        && Head.Span.Slice(offset, magic.Length).SequenceEqual(magic);

    /// <summary>
    /// Whether a VHD footer with a right checksum stands at the end (the last 512 or 511 bytes) or the
    /// start.
    /// </summary>
    /// <remarks>
    /// The last sector of a raw disk is the guest's to write, so the cookie alone says too little.
    /// </remarks>
    public bool HasVhdFooter() =>
        VhdFooter.IsFooter(Tail.Span)
        || (Tail.Length == TailBytes && VhdFooter.IsFooter(Tail.Span[1..]))
        || (Head.Length >= TailBytes && VhdFooter.IsFooter(Head.Span[..TailBytes]));

    /// <summary>Whether a VHD footer's mark stands at either end, whatever follows it.</summary>
    public bool HasVhdMark() =>
        HasAt(0, Mark) || Tail.Span.StartsWith(Mark)
        || (Tail.Length == TailBytes && Tail.Span[1..].StartsWith(Mark));
}
