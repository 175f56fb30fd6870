using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>
/// A disk as a file of some format that is never made as a whole: its length is known, and any
/// range of its bytes is computed when it is asked for. The bytes follow from the disk alone, so
/// that ranges which are asked for at different times, or of different servers, fit together.
/// Reads may run side by side if the disk's reader allows it.
/// </summary>
public interface IExportLayout
{
    /// <summary>The format, as <see cref="ExportFormats"/> names it.</summary>
    string Format { get; }

    /// <summary>
    /// The virtual disk's size in the file: the disk's, rounded up with zeros to what the format
    /// can hold.
    /// </summary>
    long SizeBytes { get; }

    /// <summary>The file's length.</summary>
    long LengthBytes { get; }

    /// <summary>
    /// The first range at or after an offset of the file that may hold anything but zeros; null
    /// when there is none. Nothing of the disk is read for it.
    /// </summary>
    ByteRange? NextData(long offset);

    /// <summary>Fills the destination with the file's bytes from an offset on.</summary>
    /// <param name="offset">The first byte.</param>
    /// <param name="destination">What to fill; the range lies within the file.</param>
    /// <param name="cancellation">Ends the reading.</param>
    ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default);
}
