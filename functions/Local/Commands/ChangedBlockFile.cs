using System.Buffers;
using SnapshotFunctions.Engine.Disks.Sfd;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary>
/// Writes what leads from one version's disk to another's as a changed-block file. It names the
/// first by its fingerprint, so that it fits every store that holds that disk.
/// </summary>
internal sealed class ChangedBlockFile(
    LocalEngine engine, Manifest manifest, VersionRecord from, VersionRecord to)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Writes the file; answers its length.</summary>
    /// <exception cref="RefusedException">
    /// The file is there already, or a version has no such disk.
    /// </exception>
    public async Task<long> WriteAsync(
        DiskDiffDocument difference, string path, CancellationToken cancellation)
    {
        if (File.Exists(path))
            throw new RefusedException("exists", $"'{path}' is there already: name a new file.");
        if (difference.FromSizeBytes is null || difference.ToSizeBytes is null)
            throw new RefusedException(
                "sfd-disk",
                $"Disk '{difference.Disk}' is not in both versions: there is nothing to change.");
        try
        {
            await using var file = new FileStream(
                path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
            await WriteAsync(difference, file, cancellation);
            return file.Length;
        }
        catch (Exception error) when (error is not IOException)
        {
            // What is not whole has no trailer and would be refused; it need not lie about either.
            File.Delete(path);
            throw;
        }
    }

    private async Task WriteAsync(
        DiskDiffDocument difference, Stream file, CancellationToken cancellation)
    {
        var (first, second) = (Find(from, difference.Disk), Find(to, difference.Disk));
        var view = engine.Views.Open(manifest, to, second);
        using var writer = new SfdWriter(file, new SfdHeader(
            second.SizeBytes, SfdParentKind.Fingerprint, first.Node.ToString(),
            second.Node.ToString()));
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            foreach (var range in difference.Ranges)
            {
                var end = Math.Min(range.Offset + range.Length, second.SizeBytes);
                for (var at = range.Offset; at < end;)
                {
                    var part = buffer.AsMemory(0, (int)Math.Min(BufferBytes, end - at));
                    await view.ReadAsync(at, part, cancellation);
                    await AddAsync(writer, view.Layout.SectorBytes, at, part, cancellation);
                    at += part.Length;
                }
            }
            await writer.CompleteAsync(cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Adds a part sector by sector: what became zeros takes no room.</summary>
    private static async Task AddAsync(
        SfdWriter writer, int sectorBytes, long offset, ReadOnlyMemory<byte> part,
        CancellationToken cancellation)
    {
        for (var at = 0; at < part.Length;)
        {
            var start = at;
            var isZero = IsZero(part, at, sectorBytes);
            while (at < part.Length && IsZero(part, at, sectorBytes) == isZero) at += sectorBytes;
            at = Math.Min(at, part.Length);
            if (isZero)
                await writer.AddZerosAsync(
                    new ByteRange(offset + start, offset + at), cancellation);
            else
                await writer.AddAsync(offset + start, part[start..at], cancellation);
        }
    }

    private static bool IsZero(ReadOnlyMemory<byte> part, int at, int sectorBytes) =>
        !part.Span.Slice(at, Math.Min(sectorBytes, part.Length - at)).ContainsAnyExcept((byte)0);

    private static VersionDisk Find(VersionRecord version, string disk) =>
        version.Disks.First(d => string.Equals(d.Name, disk, StringComparison.Ordinal));
}
