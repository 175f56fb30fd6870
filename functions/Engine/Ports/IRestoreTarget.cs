using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Ports;

/// <summary>
/// A target that is open for writing. Reads and writes of ranges that do not meet may run side by
/// side. What was never written of a new target reads as zeros and takes no space where the target
/// can leave space out.
/// </summary>
/// <remarks>Every call throws <see cref="RestoreTargetException"/> when the target is full.</remarks>
public interface IRestoreTarget : IAsyncDisposable
{
    /// <summary>Its length now.</summary>
    long LengthBytes { get; }

    /// <summary>Fills the destination; the range lies within the target.</summary>
    ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default);

    /// <summary>
    /// The first range at or after an offset that may hold anything but zeros, cut at
    /// <paramref name="end"/>; null when there is none before it.
    /// </summary>
    ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default);

    /// <summary>
    /// Takes the space of ranges that are about to be written, where the target can; they go on to
    /// read as they did.
    /// </summary>
    ValueTask ReserveAsync(
        IReadOnlyList<ByteRange> ranges, CancellationToken cancellation = default) =>
        ValueTask.CompletedTask;

    /// <summary>Writes all of the bytes at an offset; one past the end lengthens the target.</summary>
    ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default);

    /// <summary>Makes a range within the target read as zeros, without space if that can be.</summary>
    ValueTask ZeroAsync(long offset, long lengthBytes, CancellationToken cancellation = default);

    /// <summary>Ends once everything that was written is durable.</summary>
    ValueTask FlushAsync(CancellationToken cancellation = default);
}
