using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>A handle on a file of the faulty layer; void after a crash.</summary>
internal sealed class FaultyFile(FaultyFileLayer layer, FaultyContent content, int life) : IFile
{
    private bool _disposed;

    public long LengthBytes => layer.Look(() => content.LengthBytes, life);

    public int Read(long offset, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var buffer = new byte[destination.Length];
        var count = layer.Look(() => content.Read(offset, buffer), life);
        buffer.AsSpan(0, count).CopyTo(destination);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var copy = bytes.ToArray();
        _ = layer.Do(
            () =>
            {
                content.Write(offset, copy);
                return true;
            },
            life);
    }

    public void Sync() => _ = layer.Do(
        () =>
        {
            content.Sync();
            return true;
        },
        life);

    public void PunchHole(long offset, long lengthBytes) => _ = layer.Do(
        () =>
        {
            content.PunchHole(offset, lengthBytes);
            return true;
        },
        life);

    public void Dispose() => _disposed = true;
}
