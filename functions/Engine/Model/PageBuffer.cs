using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SnapshotFunctions.Engine.Model;

/// <summary>
/// A rented buffer that begins at the start of a memory page and does not move, so that a store or
/// a target on this machine can hand it to the disk without a copy. Of long buffers there are as
/// many as are in use and a few spare ones, not one for each thread that ever had one.
/// </summary>
public sealed unsafe class PageBuffer
{
    private const int PageBytes = 4096;
    private const int MostSpareBytes = 160 << 20;

    // The one that came back last goes first: the processor may still have it in its caches.
    private static readonly ConcurrentDictionary<int, ConcurrentStack<byte[]>> Spare = new();
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
        // Of few lengths, so that they serve for each other; what is not used takes no memory.
        var room = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(lengthBytes, PageBytes))
            + PageBytes;
        if (!Spare.TryGetValue(room, out var stack) || !stack.TryPop(out var spare))
            return new PageBuffer(
                GC.AllocateUninitializedArray<byte>(room, pinned: true), lengthBytes);
        Interlocked.Add(ref _spareBytes, -spare.Length);
        return new PageBuffer(spare, lengthBytes);
    }

    /// <summary>Gives the buffer back; its bytes are not to be touched any more.</summary>
    public void Return()
    {
        if (Interlocked.Exchange(ref _pinned, null) is not { } pinned) return;
        if (Interlocked.Add(ref _spareBytes, pinned.Length) <= MostSpareBytes)
            Spare.GetOrAdd(pinned.Length, _ => []).Push(pinned);
        else Interlocked.Add(ref _spareBytes, -pinned.Length);
    }
}
