using Microsoft.Win32.SafeHandles;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Files;

/// <summary>A file that a disk is restored to, open for reading and writing.</summary>
/// <param name="handle">The file; closed with this.</param>
/// <param name="target">How the user knows it, for messages.</param>
internal sealed class FileRestoreTarget(SafeFileHandle handle, string target) : IRestoreTarget
{
    private static readonly byte[] Zeros = new byte[1 << 20];
    private readonly DirectWriter? _direct = DirectWriter.TryOpen(handle);

    /// <inheritdoc/>
    public long LengthBytes => RandomAccess.GetLength(handle);

    /// <inheritdoc/>
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        while (!destination.IsEmpty)
        {
            var read = await RandomAccess.ReadAsync(handle, destination, offset, cancellation);
            if (read == 0)
                throw new RestoreTargetException(
                    "length", target, $"It ended at byte {offset} while it was read.");
            offset += read;
            destination = destination[read..];
        }
    }

    /// <inheritdoc/>
    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default)
    {
        if (offset >= end) return ValueTask.FromResult<ByteRange?>(null);
        return ValueTask.FromResult(OperatingSystem.IsLinux()
            ? FileHoles.NextData(handle, offset, end)
            : new ByteRange(offset, end));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// File systems let writes past the page cache go side by side only where the file has space
    /// already. Writes through the cache get better places when that is asked for later.
    /// </remarks>
    public async ValueTask ReserveAsync(
        IReadOnlyList<ByteRange> ranges, CancellationToken cancellation = default)
    {
        if (_direct is null) return;
        try
        {
            await Task.Run(() => Reserve(ranges, cancellation), cancellation);
        }
        catch (IOException error)
        {
            // What the file system has no call for, the writes do.
            if (FileFaults.Translate(error, target) is { } fault) throw fault;
        }
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        try
        {
            await Task.Run(
                () => DirectWriter.WriteAll(_direct, handle, offset, bytes.Span), cancellation);
        }
        catch (Exception error) when (FileFaults.Translate(error, target) is not null)
        {
            throw FileFaults.Translate(error, target)!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask ZeroAsync(
        long offset, long lengthBytes, CancellationToken cancellation = default)
    {
        if (lengthBytes == 0 || NativeFiles.TryPunchHole(handle, offset, lengthBytes)) return;
        for (var left = lengthBytes; left > 0;)
        {
            var length = (int)Math.Min(left, Zeros.Length);
            await WriteAsync(offset, Zeros.AsMemory(0, length), cancellation);
            offset += length;
            left -= length;
        }
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(CancellationToken cancellation = default)
    {
        // Space that was promised may turn out to be missing only now.
        await Task.Run(
            () => FileFaults.Run(
                target,
                () =>
                {
                    RandomAccess.FlushToDisk(handle);
                    return true;
                }),
            cancellation);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _direct?.Dispose();
        handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Reserve(IReadOnlyList<ByteRange> ranges, CancellationToken cancellation)
    {
        foreach (var range in ranges)
        {
            cancellation.ThrowIfCancellationRequested();
            NativeFiles.Reserve(handle, range.Offset, range.Length);
        }
    }
}
