using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>
/// Writes blocks of one shard to a target: each window of blocks is read and checked together, and
/// neighbours are written in one go. Windows may be written side by side.
/// </summary>
internal sealed class BlockWriter(DiskView view, IRestoreTarget target, int shard)
{
    private readonly Layout _layout = view.Layout;
    private readonly long _start = shard * view.Layout.ShardBytes;
    private long _written;
    private long _zeroed;

    /// <summary>Bytes written so far.</summary>
    public long WrittenBytes => Interlocked.Read(ref _written);

    /// <summary>Bytes made zeros so far.</summary>
    public long ZeroedBytes => Interlocked.Read(ref _zeroed);

    /// <summary>Where a block lies on the disk.</summary>
    public long OffsetOf(int block) => _start + ((long)block * _layout.BlockBytes);

    /// <summary>Where neighbouring blocks lie; the disk's last one may be short.</summary>
    public ByteRange RangeOf(int first, int count) => new(
        OffsetOf(first), Math.Min(OffsetOf(first + count), view.SizeBytes));

    /// <summary>Takes the space of ascending blocks that are about to be written.</summary>
    public ValueTask ReserveAsync(IReadOnlyList<int> blocks, CancellationToken cancellation) =>
        target.ReserveAsync(
            [.. RunsOf(blocks).Select(run => RangeOf(blocks[run.At], run.Count))], cancellation);

    /// <summary>Reads a window of ascending blocks and writes them.</summary>
    public async Task WriteAsync(IReadOnlyList<int> blocks, CancellationToken cancellation)
    {
        if (blocks.Count == 0) return;
        var length = blocks.Count * _layout.BlockBytes;
        var buffer = PageBuffer.Rent(length);
        try
        {
            await view.OnShardAsync(
                shard,
                async resolved =>
                {
                    await resolved.ReadBlocksAsync(
                        blocks, buffer.Memory, cancellation);
                    return true;
                },
                cancellation);
            foreach (var (at, count) in RunsOf(blocks))
            {
                var range = RangeOf(blocks[at], count);
                await target.WriteAsync(
                    range.Offset, buffer.Memory.Slice(at * _layout.BlockBytes, (int)range.Length),
                    cancellation);
                Interlocked.Add(ref _written, range.Length);
            }
        }
        finally
        {
            buffer.Return();
        }
    }

    /// <summary>Makes ascending blocks zeros.</summary>
    public async Task ZeroAsync(IReadOnlyList<int> blocks, CancellationToken cancellation)
    {
        foreach (var (at, count) in RunsOf(blocks))
        {
            var range = RangeOf(blocks[at], count);
            await target.ZeroAsync(range.Offset, range.Length, cancellation);
            Interlocked.Add(ref _zeroed, range.Length);
        }
    }

    /// <summary>Neighbours, as the place of the first in the list and how many there are.</summary>
    private static IEnumerable<(int At, int Count)> RunsOf(IReadOnlyList<int> blocks)
    {
        for (var at = 0; at < blocks.Count;)
        {
            var count = 1;
            while (at + count < blocks.Count && blocks[at + count] == blocks[at] + count) count++;
            yield return (at, count);
            at += count;
        }
    }
}
