namespace SnapshotFunctions.Engine.Disks.Vhd;

/// <summary>What reading needs of a dynamic or differencing VHD's header, once it was checked.</summary>
/// <param name="TableOffset">Where the block allocation table lies.</param>
/// <param name="BlockBits">The block size's power of two: 9 to 28.</param>
/// <param name="ParentId">The parent's identifier; of a differencing VHD.</param>
/// <param name="ParentTimeSeconds">
/// When the parent's file was last written, in seconds since 2000. It is that file's time on the
/// machine it was made on, which an upload does not keep: it is shown, never compared.
/// </param>
/// <param name="ParentName">The parent's file name; null where there is none.</param>
internal sealed record VhdHeader(
    long TableOffset, int BlockBits, Guid ParentId, uint ParentTimeSeconds, string? ParentName)
{
    /// <summary>The header's size.</summary>
    public const int LengthBytes = 1024;

    /// <summary>Bytes of disk in a block.</summary>
    public long BlockBytes => 1L << BlockBits;

    /// <summary>Bytes that a block's sector bitmap takes up in front of it: whole sectors.</summary>
    public int BitmapBytes => (int)Math.Max(512, BlockBytes / 512 / 8);
}
