using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Ports;

/// <summary>
/// The bytes of one uploaded file, read by ranges and pinned to the state first seen: if the file
/// changes under the reader, a read fails, it never returns bytes of another state.
/// </summary>
public interface IByteSource : IAsyncDisposable
{
    /// <summary>The file's name, as the user knows it; never opened as a path by a parser.</summary>
    string Name { get; }

    /// <summary>The file's length.</summary>
    long LengthBytes { get; }

    /// <summary>Names the state that is read (an ETag, or device, inode, size and time).</summary>
    string Identity { get; }

    /// <summary>Fills the destination; the range lies within the file.</summary>
    /// <exception cref="InvalidImageException">Reason "changed": the file is not as first seen.</exception>
    ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellation = default);

    /// <summary>
    /// The first range at or after an offset that may hold data, cut at <paramref name="end"/>;
    /// null when only holes remain before it. A source that knows no holes answers the whole rest.
    /// </summary>
    ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default);

    /// <summary>
    /// Opens another file that lies beside this one, as a disk's extents lie beside their
    /// descriptor; null where there is none, or where this host opens one file alone.
    /// </summary>
    /// <param name="name">A plain file name, without a path; the caller has checked it.</param>
    /// <param name="cancellation">Ends the call.</param>
    ValueTask<IByteSource?> OpenBesideAsync(
        string name, CancellationToken cancellation = default) => new((IByteSource?)null);
}
