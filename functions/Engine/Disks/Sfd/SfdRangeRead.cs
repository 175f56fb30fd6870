using System.Buffers;
using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Sfd;

/// <summary>
/// Reads ranges of a changed-block file for one request, each of them whole, because only so its
/// hash can be looked at before a byte of it is handed out.
/// </summary>
internal sealed class SfdRangeRead(
    IByteSource source, SfdMap map, DecodedClusters checkedRanges, ImageFaults faults)
    : IPackedRead
{
    private readonly FileWindow _window = new(source);

    /// <inheritdoc />
    public async ValueTask ReadAsync(
        BlockRun run, long end, Memory<byte> destination, CancellationToken cancellation)
    {
        var inRange = (int)(run.Guest - (run.UnitEnd - run.UnpackedBytes));
        if (checkedRanges.TryCopy(run.Host, inRange, destination.Span))
            return;
        var entry = await map.EntryAsync(run.Guest, cancellation);
        var length = (int)entry.Range.Length;
        // Ranges mostly lie in the file as they do on the disk, one after the other.
        var wish = (int)Math.Min(SfdEntry.MostDataBytes, inRange + end - run.Guest);
        var bytes = (await _window.FetchAsync(entry.Place, length, wish, cancellation))[..length];
        var found = Hash256.Of(bytes.Span);
        if (found != entry.Hash)
            throw faults.Checksum(
                $"{length} bytes for byte {entry.Range.Offset} of the disk with the checksum "
                + $"{entry.Hash}", $"{found}", entry.Place);
        bytes.Slice(inRange, destination.Length).CopyTo(destination);
        if (destination.Length == length)
            return;
        var kept = checkedRanges.Rent();
        bytes.CopyTo(kept);
        checkedRanges.Add(run.Host, kept);
    }

    /// <inheritdoc />
    public void Dispose() => _window.Dispose();
}
