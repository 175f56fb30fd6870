using System.Buffers;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// A block's bytes while somebody holds them: the cache, or readers that copy out of it. The last
/// one to let go gives the memory back.
/// </summary>
internal sealed class CachedBlock(byte[] bytes, int lengthBytes)
{
    private int _holders = 1;

    /// <summary>The bytes; valid while held.</summary>
    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, lengthBytes);

    /// <summary>How many there are.</summary>
    public int LengthBytes => lengthBytes;

    /// <summary>Holds it; the caller must know that somebody else still does.</summary>
    public CachedBlock Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    /// <summary>Lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) ArrayPool<byte>.Shared.Return(bytes);
    }
}
