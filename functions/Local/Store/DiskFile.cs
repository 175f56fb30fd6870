using Microsoft.Win32.SafeHandles;

namespace SnapshotFunctions.Local.Store;

/// <summary>An open file of the machine's own file system.</summary>
internal sealed class DiskFile(SafeFileHandle handle) : IFile
{
    private readonly Lazy<DirectWriter?> _direct = new(() => DirectWriter.TryOpen(handle));

    /// <inheritdoc/>
    public long LengthBytes => RandomAccess.GetLength(handle);

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> destination)
    {
        var done = 0;
        while (done < destination.Length)
        {
            var count = RandomAccess.Read(handle, destination[done..], offset + done);
            if (count == 0)
                break;
            done += count;
        }

        return done;
    }

    /// <inheritdoc/>
    public void Write(long offset, ReadOnlySpan<byte> content) => DirectWriter.WriteAll(
        // Most files never see a long write, and are not opened twice.
        content.Length >= DirectWriter.LeastBytes ? _direct.Value : null, handle, offset, content);

    /// <inheritdoc/>
    public void Sync() => RandomAccess.FlushToDisk(handle);

    /// <inheritdoc/>
    public void PunchHole(long offset, long lengthBytes) =>
        _ = NativeFiles.TryPunchHole(handle, offset, lengthBytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_direct.IsValueCreated) _direct.Value?.Dispose();
        handle.Dispose();
    }
}
