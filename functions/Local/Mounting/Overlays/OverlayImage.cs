using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>An overlay as an incremental image: what was written over its version, alone.</summary>
internal sealed class OverlayImage(OverlayDisk disk, string parent) : IDiskImage
{
    /// <inheritdoc/>
    public string Format => OverlaySource.FormatName;

    /// <inheritdoc/>
    public long SizeBytes => disk.SizeBytes;

    /// <inheritdoc/>
    public bool HasParent => true;

    /// <inheritdoc/>
    public string? ParentHint => null;

    /// <inheritdoc/>
    public string Description => $"overlay of a writable mount over {parent}";

    /// <inheritdoc/>
    public async IAsyncEnumerable<Extent> ExtentsAsync(
        ByteRange range, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var extents = new List<Extent>();
        for (var at = range.Offset; at < range.End;)
        {
            extents.Clear();
            await disk.ExtentsAsync(range with { Offset = at }, 256, extents, Below, cancellation);
            foreach (var extent in extents) yield return extent;
            at = extents[^1].Range.End;
        }

        static ValueTask Below(
            ByteRange part, int most, List<Extent> found, CancellationToken _)
        {
            found.Add(new Extent(part, ExtentKind.Parent));
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default) =>
        disk.ReadAsync(offset, destination, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        disk.Dispose();
        return ValueTask.CompletedTask;
    }
}
