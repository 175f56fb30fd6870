using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>What the layouts have in common: a file's bytes, put together from its parts.</summary>
/// <param name="disk">The disk.</param>
/// <param name="sizeBytes">Its size in the file.</param>
internal abstract class ExportLayout(ExportDisk disk, long sizeBytes) : IExportLayout
{
    /// <inheritdoc />
    public abstract string Format { get; }

    /// <inheritdoc />
    public long SizeBytes => sizeBytes;

    /// <inheritdoc />
    public abstract long LengthBytes { get; }

    /// <summary>The disk.</summary>
    protected ExportDisk Disk => disk;

    /// <inheritdoc />
    public virtual ByteRange? NextData(long offset) =>
        offset < LengthBytes ? new ByteRange(offset, LengthBytes) : null;

    /// <inheritdoc />
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        if (offset < 0 || destination.Length > LengthBytes - offset)
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"The file has {LengthBytes} bytes.");
        while (!destination.IsEmpty)
        {
            var filled = await FillAsync(offset, destination, cancellation);
            offset += filled;
            destination = destination[filled..];
        }
    }

    /// <summary>The blocks of some size in which the disk may hold anything but zeros.</summary>
    public static async ValueTask<BlockSet> BlocksAsync(
        ExportDisk disk, long blockBytes, CancellationToken cancellation)
    {
        var set = new BlockSet((disk.SizeBytes + blockBytes - 1) / blockBytes);
        if (disk.Extents is null)
            set.Add(0, set.Length);
        else
        {
            var whole = new ByteRange(0, disk.SizeBytes);
            await foreach (var (range, kind) in disk.Extents(whole, cancellation))
            {
                if (kind == ExtentKind.Parent)
                    throw new InvalidOperationException(
                        $"A standalone image cannot leave {range} to a parent.");
                if (kind == ExtentKind.Data)
                    set.Add(range.Offset / blockBytes, ((range.End - 1) / blockBytes) + 1);
            }
        }

        set.Seal();
        return set;
    }

    /// <summary>Fills the start of the destination, one byte at least; answers how much.</summary>
    protected abstract ValueTask<int> FillAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation);

    /// <summary>Fills all of the destination from the disk; behind its end are zeros.</summary>
    protected async ValueTask<int> DiskAsync(
        long guest, Memory<byte> destination, CancellationToken cancellation)
    {
        var onDisk = (int)Math.Clamp(disk.SizeBytes - guest, 0, destination.Length);
        if (onDisk > 0)
            await disk.ReadAsync(guest, destination[..onDisk], cancellation);
        destination.Span[onDisk..].Clear();
        return destination.Length;
    }

    /// <summary>Copies of a part of the file that is in memory what lies from an offset on.</summary>
    protected static int Copy(
        ReadOnlySpan<byte> part, long partOffset, long offset, Memory<byte> destination)
    {
        var from = (int)(offset - partOffset);
        var length = Math.Min(part.Length - from, destination.Length);
        part.Slice(from, length).CopyTo(destination.Span);
        return length;
    }

    /// <summary>The smaller of what is asked for and what is left of a part.</summary>
    protected static Memory<byte> Cut(Memory<byte> destination, long left) =>
        destination[..(int)Math.Min(destination.Length, left)];
}
