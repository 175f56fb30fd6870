using System.Numerics;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>
/// A set of blocks of a disk that tells how many of its members lie below a block, and which one
/// is the n-th. Pages without a member take no memory; 64 TiB in blocks of 64 KiB take 128 MiB at
/// most.
/// </summary>
/// <param name="length">The number of blocks that may be members.</param>
internal sealed class BlockSet(long length)
{
    private const int PageBits = 16;
    private const int PageWords = 1 << (PageBits - 6);
    private readonly ulong[]?[] _pages = new ulong[]?[(length >> PageBits) + 1];
    private readonly long[] _before = new long[(length >> PageBits) + 2];

    /// <summary>The number of blocks that may be members.</summary>
    public long Length => length;

    /// <summary>The number of members, once it is sealed.</summary>
    public long Count => _before[^1];

    /// <summary>Adds the blocks from one up to but without another.</summary>
    public void Add(long first, long end)
    {
        for (var at = first; at < end;)
        {
            var page = _pages[at >> PageBits] ??= new ulong[PageWords];
            var inWord = (int)(at & 63);
            var count = (int)Math.Min(64 - inWord, end - at);
            var mask = count == 64 ? ulong.MaxValue : ((1UL << count) - 1) << inWord;
            page[(at >> 6) & (PageWords - 1)] |= mask;
            at += count;
        }
    }

    /// <summary>Counts the members; nothing is added after it.</summary>
    public void Seal()
    {
        for (var i = 0; i < _pages.Length; i++)
        {
            var count = 0L;
            foreach (var word in _pages[i] ?? [])
                count += BitOperations.PopCount(word);
            _before[i + 1] = _before[i] + count;
        }
    }

    /// <summary>Whether a block is a member.</summary>
    public bool Contains(long block) =>
        (Word(block) & (1UL << (int)(block & 63))) != 0;

    /// <summary>How many members lie below a block.</summary>
    public long Below(long block)
    {
        var index = (int)(block >> PageBits);
        var count = _before[index];
        if (_pages[index] is not { } page)
            return count;
        var word = (int)(block >> 6) & (PageWords - 1);
        foreach (var full in page.AsSpan(0, word))
            count += BitOperations.PopCount(full);
        var mask = (1UL << (int)(block & 63)) - 1;
        return count + BitOperations.PopCount(page[word] & mask);
    }

    /// <summary>The n-th member, from 0.</summary>
    public long At(long number)
    {
        var index = Array.BinarySearch(_before, number);
        if (index < 0)
            index = ~index - 1;
        // Pages without a member have equal counts; the last of them is followed by the member's.
        while (_before[index + 1] == number)
            index++;
        var left = (int)(number - _before[index]);
        var page = _pages[index]!;
        var word = 0;
        for (; left >= BitOperations.PopCount(page[word]); word++)
            left -= BitOperations.PopCount(page[word]);
        var bits = page[word];
        for (; left > 0; left--)
            bits &= bits - 1;
        return ((long)index << PageBits) + (word << 6) + BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>The first member at or after a block; <see cref="Length"/> when there is none.</summary>
    public long Next(long block)
    {
        if (block >= length)
            return length;
        var below = Below(block);
        return below == Count ? length : At(below);
    }

    /// <summary>How many members follow each other from a member on, up to a limit.</summary>
    public long Run(long block, long most)
    {
        var end = Math.Min(block + most, length);
        var at = block;
        while (at < end)
        {
            var ones = BitOperations.TrailingZeroCount(~(Word(at) >> (int)(at & 63)));
            var left = 64 - (int)(at & 63);
            at += Math.Min(ones, left);
            if (ones < left)
                break;
        }

        return Math.Min(at, end) - block;
    }

    private ulong Word(long block) =>
        _pages[block >> PageBits] is { } page ? page[(block >> 6) & (PageWords - 1)] : 0;
}
