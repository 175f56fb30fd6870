using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Plans;

/// <summary>
/// Restore targets of a plan: nothing is made, what would be written is counted. What a file that
/// is there holds is not read; it counts as different.
/// </summary>
internal sealed class PlanTargets : IRestoreTargets
{
    private long _written;

    /// <summary>Bytes that would be written.</summary>
    public long WrittenBytes => Interlocked.Read(ref _written);

    /// <inheritdoc/>
    public ValueTask<string> PrepareAsync(
        RestoreTargetRequest request, CancellationToken cancellation = default) =>
        ValueTask.FromResult("planned");

    /// <inheritdoc/>
    public ValueTask<IRestoreTarget> OpenAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default) =>
        ValueTask.FromResult<IRestoreTarget>(new Target(this, request));

    /// <inheritdoc/>
    public ValueTask CompleteAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default) =>
        ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask AbandonAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default) =>
        ValueTask.CompletedTask;

    private sealed class Target(PlanTargets all, RestoreTargetRequest request) : IRestoreTarget
    {
        private long _length = request.LengthBytes;

        public long LengthBytes => Interlocked.Read(ref _length);

        public ValueTask ReadAsync(
            long offset, Memory<byte> destination, CancellationToken cancellation = default)
        {
            // No block of a disk is of this byte alone but by an odd chance.
            destination.Span.Fill(0xA5);
            return ValueTask.CompletedTask;
        }

        public ValueTask<ByteRange?> NextDataAsync(
            long offset, long end, CancellationToken cancellation = default) =>
            ValueTask.FromResult<ByteRange?>(
                request.Mode == RestoreMode.Onto && offset < end
                    ? new ByteRange(offset, end) : null);

        public ValueTask WriteAsync(
            long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
        {
            Interlocked.Add(ref all._written, bytes.Length);
            var end = offset + bytes.Length;
            long seen;
            while ((seen = Interlocked.Read(ref _length)) < end
                && Interlocked.CompareExchange(ref _length, end, seen) != seen)
            {
                // Another writer made it longer meanwhile.
            }
            return ValueTask.CompletedTask;
        }

        public ValueTask ZeroAsync(
            long offset, long lengthBytes, CancellationToken cancellation = default) =>
            ValueTask.CompletedTask;

        public ValueTask FlushAsync(CancellationToken cancellation = default) =>
            ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
