using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Views;

/// <summary>Lays a version's disk out as a file of another format, from indexes alone.</summary>
public static class ViewExports
{
    /// <summary>
    /// The file, byte for byte as a restore in that format writes it. Walks the indexes of every
    /// shard that holds anything, and no data; what is read of it later goes through the view.
    /// </summary>
    /// <param name="manifest">The machine.</param>
    /// <param name="view">The disk; it must allow reads side by side.</param>
    /// <param name="format">One of <see cref="ExportFormats.ByRanges"/>.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <exception cref="Model.RefusedException">The format cannot hold the disk.</exception>
    public static async Task<IExportLayout> OpenAsync(
        Manifest manifest, DiskView view, string format, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(view);
        var shards = await DiskShards.WithDataAsync(
            manifest, view.Disk, view.Version, cancellation);
        return await ExportFormats.OpenAsync(
            format,
            new ExportDisk(
                view.SizeBytes, view.Disk.Node,
                (offset, destination, c) => new ValueTask(view.ReadAsync(offset, destination, c)),
                new ViewExtents(view, shards).ExtentsAsync),
            cancellation);
    }
}
