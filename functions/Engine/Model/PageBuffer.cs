using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace SnapshotFunctions.Engine.Model;

/// <summary>
/// A rented buffer that begins at the start of a memory page and does not move, so that a store or
/// a target on this machine can hand it to the disk without a copy.
/// </summary>
public sealed unsafe class PageBuffer
{
    private const int PageBytes = 4096;
    private const int MostSpareBytes = 64 << 20;
    private static readonly ConcurrentBag<byte[]> Spare = [];
    private static int _spareBytes;

    private byte[]? _pinned;
    private readonly int _start;

    private PageBuffer(byte[] pinned, int lengthBytes)
    {
        _pinned = pinned;
        var address = (nuint)Unsafe.AsPointer(ref pinned[0]);
        _start = (int)((nuint)PageBytes - (address % PageBytes)) % PageBytes;
        LengthBytes = lengthBytes;
    }

    /// <summary>What was asked for.</summary>
    public int LengthBytes { get; }

    /// <summary>The bytes; what they are at first is not said.</summary>
    public Memory<byte> Memory => Pinned.AsMemory(_start, LengthBytes);

    /// <summary>The same.</summary>
    public Span<byte> Span => Pinned.AsSpan(_start, LengthBytes);

    private byte[] Pinned => _pinned ?? throw new ObjectDisposedException(nameof(PageBuffer));

    /// <summary>Rents a buffer; give it back once.</summary>
    public static PageBuffer Rent(int lengthBytes)
    {
        var room = lengthBytes + PageBytes;
        if (Spare.TryTake(out var spare))
        {
            Interlocked.Add(ref _spareBytes, -spare.Length);
            if (spare.Length >= room) return new PageBuffer(spare, lengthBytes);
        }
        // In steps, so that buffers of nearly one length serve for each other.
        const int Step = 1 << 18;
        return new PageBuffer(
            GC.AllocateUninitializedArray<byte>((room + Step - 1) & -Step, pinned: true),
            lengthBytes);
    }

    /// <summary>Gives the buffer back; its bytes are not to be touched any more.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref _pinned, null) is not { } pinned) return;
        if (Interlocked.Add(ref _spareBytes, pinned.Length) <= MostSpareBytes) Spare.Add(pinned);
        else Interlocked.Add(ref _spareBytes, -pinned.Length);
    }
}
