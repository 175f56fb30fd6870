using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Blocks;

/// <summary>Extents and content of a disk by way of its map of blocks.</summary>
/// <param name="source">The file.</param>
/// <param name="map">Where each byte of the disk comes from.</param>
/// <param name="sizeBytes">The disk's size.</param>
/// <param name="quotaOf">A fresh limit of what a walk may find.</param>
/// <param name="openPacked">Reads compressed blocks; null where the map names none.</param>
internal sealed class BlockReader(
    IByteSource source, IBlockMap map, long sizeBytes, Func<ImageQuota> quotaOf,
    Func<IPackedRead>? openPacked = null)
{
    /// <summary>An extent is handed out at the latest when this many runs were joined.</summary>
    private const int RunsPerStep = 256;

    /// <summary>The extents of a range of the disk; every stored block counts for the quota.</summary>
    public async IAsyncEnumerable<Extent> ExtentsAsync(
        ByteRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        DiskRanges.Check(range, sizeBytes);
        var quota = quotaOf();
        var (at, start, kind, runs) = (range.Offset, range.Offset, default(ExtentKind?), 0);
        var charged = 0L;
        while (at < range.End)
        {
            cancellation.ThrowIfCancellationRequested();
            var run = await map.RunAsync(at, range.End, false, cancellation);
            if (run.StoredBytes > 0 && run.Guest >= charged)
            {
                if (run.UnpackedBytes > 0)
                    quota.AddCompressed(run.StoredBytes, run.UnpackedBytes);
                else
                    quota.AddStored(run.StoredBytes);
                charged = run.UnitEnd;
            }

            if (kind is { } before && (before != run.Kind || runs == RunsPerStep))
            {
                yield return new Extent(new ByteRange(start, at), before);
                (start, runs) = (at, 0);
            }

            (kind, at, runs) = (run.Kind, run.End, runs + 1);
        }

        if (kind is { } last)
            yield return new Extent(new ByteRange(start, at), last);
    }

    /// <summary>Fills the destination; what is not stored reads as zeros.</summary>
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        var end = offset + destination.Length;
        DiskRanges.Check(new ByteRange(offset, end), sizeBytes);
        using var packed = openPacked?.Invoke();
        var pending = default(BlockRun);
        for (var at = offset; at < end;)
        {
            var run = await map.RunAsync(at, end, true, cancellation);
            at = run.End;
            // What lies together in the file is read at once, also across blocks.
            if (pending.Length > 0 && pending.IsContinuedBy(run))
            {
                pending = pending with { End = run.End };
                continue;
            }

            await FillAsync(pending, destination, offset, cancellation);
            pending = run;
            if (run.UnpackedBytes == 0)
                continue;
            await packed!.ReadAsync(run, end, PartOf(run, destination, offset), cancellation);
            pending = default;
        }

        await FillAsync(pending, destination, offset, cancellation);
    }

    private async ValueTask FillAsync(
        BlockRun run, Memory<byte> destination, long offset, CancellationToken cancellation)
    {
        if (run.Length == 0)
            return;
        var part = PartOf(run, destination, offset);
        if (run.Kind == ExtentKind.Data)
            await source.ReadAsync(run.Host, part, cancellation);
        else
            part.Span.Clear();
    }

    private static Memory<byte> PartOf(in BlockRun run, Memory<byte> destination, long offset) =>
        destination.Slice((int)(run.Guest - offset), (int)run.Length);
}
