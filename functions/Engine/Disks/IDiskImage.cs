using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>
/// One disk as an image file describes it, read by ranges. Memory is bounded whatever the file
/// says, and so is the work: output per input byte is limited, and every length is checked before
/// it is used. Reads may run side by side.
/// </summary>
public interface IDiskImage : IAsyncDisposable
{
    /// <summary>The format's name: <c>raw</c>, <c>qcow2</c> …</summary>
    string Format { get; }

    /// <summary>The size of the virtual disk in bytes; any number, also no multiple of a sector.</summary>
    long SizeBytes { get; }

    /// <summary>
    /// Whether the image leaves ranges to a parent: an incremental. False: what is not there is zero.
    /// </summary>
    bool HasParent { get; }

    /// <summary>
    /// What the image says of its parent (a file name or identifier), only ever compared and shown,
    /// never opened; null where it says nothing.
    /// </summary>
    string? ParentHint { get; }

    /// <summary>The identifiers of the image and of its parent, for formats that have them.</summary>
    ImageIdentity Identity => ImageIdentity.None;

    /// <summary>The files that it consists of besides the one that was opened.</summary>
    IReadOnlyList<ImagePart> OtherFiles => [];

    /// <summary>One line for people: variant, virtual size, cluster size, compression.</summary>
    string Description { get; }

    /// <summary>
    /// The extents of a range of the disk, ascending, without gaps, neighbours of equal kind
    /// joined where that costs nothing. Each step reads a bounded part of the file.
    /// </summary>
    /// <exception cref="InvalidImageException">The file's tables are damaged.</exception>
    IAsyncEnumerable<Extent> ExtentsAsync(
        ByteRange range, CancellationToken cancellation = default);

    /// <summary>
    /// Fills the destination with the disk's content from an offset on. Ranges of kind
    /// <see cref="ExtentKind.Parent"/> read as zeros; the caller lays them on the parent.
    /// </summary>
    /// <exception cref="InvalidImageException">The file is damaged there.</exception>
    ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default);

    /// <summary>
    /// Proves the checksum over the file's header and tables, where the format has one that takes
    /// reading all of them; done once, when an image is taken in.
    /// </summary>
    /// <exception cref="InvalidImageException">It is not what was written.</exception>
    ValueTask VerifyAsync(CancellationToken cancellation = default) => ValueTask.CompletedTask;
}
