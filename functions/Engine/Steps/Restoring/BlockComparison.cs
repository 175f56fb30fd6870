using System.Buffers;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>Finds the blocks of a target that are not as they should be, by reading it.</summary>
internal sealed class BlockComparison(IRestoreTarget target, BlockWriter writer, Layout layout)
{
    private long _compared;

    /// <summary>Bytes of the target that were read.</summary>
    public long ComparedBytes => Interlocked.Read(ref _compared);

    /// <summary>The blocks of a window that differ from what is wanted, ascending.</summary>
    /// <param name="first">The window's first block.</param>
    /// <param name="wanted">The hashes that its blocks should have.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<List<ChangedBlock>> DifferingAsync(
        int first, ReadOnlyMemory<Hash256> wanted, CancellationToken cancellation)
    {
        var range = writer.RangeOf(first, wanted.Length);
        var whole = wanted.Length * layout.BlockBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(whole);
        try
        {
            await FillAsync(range, buffer.AsMemory(0, whole), cancellation);
            var differing = new List<ChangedBlock>();
            for (var i = 0; i < wanted.Length; i++)
            {
                var hash = wanted.Span[i];
                var held = buffer.AsSpan(i * layout.BlockBytes, layout.BlockBytes);
                if (Sectors.HashOf(held) != hash)
                    differing.Add(new ChangedBlock(first + i, hash.IsZero));
            }
            return differing;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads where the target may hold data; holes and what is past its end are zeros.</summary>
    private async Task FillAsync(
        ByteRange range, Memory<byte> buffer, CancellationToken cancellation)
    {
        var at = range.Offset;
        while (await target.NextDataAsync(at, range.End, cancellation) is { } data)
        {
            buffer[Place(at)..Place(data.Offset)].Span.Clear();
            await target.ReadAsync(
                data.Offset, buffer[Place(data.Offset)..Place(data.End)], cancellation);
            Interlocked.Add(ref _compared, data.Length);
            at = data.End;
        }
        buffer[Place(at)..].Span.Clear();

        int Place(long offset) => (int)(offset - range.Offset);
    }
}
