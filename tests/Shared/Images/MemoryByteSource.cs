using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.TestShared.Images;

/// <summary>
/// A file in memory that counts what is read of it; what is not stored reads as zeros.
/// </summary>
public sealed class MemoryByteSource : IByteSource
{
    private readonly byte[] _bytes;
    private long _bytesRead;
    private int _reads;

    /// <summary>A file of these bytes, with zeros behind them up to a length.</summary>
    public MemoryByteSource(byte[] bytes, long? lengthBytes = null, string name = "disk.img")
    {
        ArgumentNullException.ThrowIfNull(bytes);
        _bytes = bytes;
        LengthBytes = lengthBytes ?? bytes.Length;
        Name = name;
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public long LengthBytes { get; }

    /// <inheritdoc />
    public string Identity => "memory";

    /// <summary>Files that lie beside it, by their names.</summary>
    public IReadOnlyDictionary<string, byte[]>? Beside { get; init; }

    /// <summary>Bytes read so far.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Reads so far.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Whether the file was let go of.</summary>
    public bool IsDisposed { get; private set; }

    /// <inheritdoc />
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        if (offset < 0 || destination.Length > LengthBytes - offset)
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"{destination.Length} bytes at {offset} of {LengthBytes}.");
        Interlocked.Add(ref _bytesRead, destination.Length);
        Interlocked.Increment(ref _reads);
        var stored = (int)Math.Clamp(_bytes.Length - offset, 0, destination.Length);
        if (stored > 0)
            _bytes.AsSpan((int)offset, stored).CopyTo(destination.Span);
        destination.Span[stored..].Clear();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Data up to the stored bytes' end, in pages of 4 KiB that are not all zeros.
    /// </summary>
    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default)
    {
        const int PageBytes = 4096;
        var stop = Math.Min(end, _bytes.Length);
        for (var at = offset; at < stop; at = (at / PageBytes * PageBytes) + PageBytes)
        {
            var pageEnd = Math.Min((at / PageBytes * PageBytes) + PageBytes, stop);
            if (_bytes.AsSpan((int)at, (int)(pageEnd - at)).ContainsAnyExcept((byte)0))
                return new ValueTask<ByteRange?>(new ByteRange(at, pageEnd));
        }

        return new ValueTask<ByteRange?>(default(ByteRange?));
    }

    /// <inheritdoc />
    public ValueTask<IByteSource?> OpenBesideAsync(
        string name, CancellationToken cancellation = default) => new(
        Beside?.TryGetValue(name, out var bytes) is true
            ? new MemoryByteSource(bytes, name: name) : null);

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }
}
