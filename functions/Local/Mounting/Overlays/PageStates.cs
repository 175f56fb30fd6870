using System.Buffers.Binary;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>
/// Two bits for every page of a map, all in memory: whether the page is there, and whether sectors
/// that it does not name are zeros rather than what lies below. Large trims are bits alone.
/// </summary>
internal sealed class PageStates
{
    private const int UnitBytes = 512;
    private const int PayloadBytes = UnitBytes - 4;
    private const int PagesPerUnit = PayloadBytes * 4;
    private const int PresentBit = 1;
    private const int ZeroBit = 2;

    private readonly string _path;
    private readonly byte[] _bits;
    private readonly HashSet<int> _dirty = [];

    private PageStates(string path, byte[] bits) => (_path, _bits) = (path, bits);

    /// <summary>Whether anything was changed since the last write.</summary>
    public bool IsDirty => _dirty.Count > 0;

    /// <summary>Reads the states of so many pages.</summary>
    /// <exception cref="OverlayDamagedException">They are not as they were written.</exception>
    public static PageStates Read(IFile file, string path, long pages)
    {
        var units = (int)((pages + PagesPerUnit - 1) / PagesPerUnit);
        var bits = new byte[units * PayloadBytes];
        var unit = new byte[UnitBytes];
        for (var i = 0; i < units && (long)i * UnitBytes < file.LengthBytes; i++)
        {
            unit.AsSpan().Clear();
            file.Read((long)i * UnitBytes, unit);
            if (!unit.AsSpan().ContainsAnyExcept((byte)0)) continue;
            var stored = BinaryPrimitives.ReadUInt32LittleEndian(unit.AsSpan(PayloadBytes));
            var found = Checksums.Of(unit.AsSpan(0, PayloadBytes), where: (ulong)i);
            if (stored != found)
                throw new OverlayDamagedException(
                    path, $"unit {i} of checksum {stored:x8}", $"{found:x8}");
            unit.AsSpan(0, PayloadBytes).CopyTo(bits.AsSpan(i * PayloadBytes));
        }
        return new PageStates(path, bits);
    }

    /// <summary>Whether the map has a page for it.</summary>
    public bool IsPresent(long page) => (Get(page) & PresentBit) != 0;

    /// <summary>Whether sectors that its page does not name are zeros.</summary>
    public bool IsZero(long page) => (Get(page) & ZeroBit) != 0;

    /// <summary>Whether the overlay says anything of it.</summary>
    public bool IsTouched(long page) => Get(page) != 0;

    /// <summary>The first page from one on, before an end, that is of another kind; else the end.</summary>
    public long EndOfUntouched(long page, long end)
    {
        while (page < end && Get(page) == 0)
        {
            // Four pages at a time where they begin a byte.
            if (page % 4 == 0 && page + 4 <= end && _bits[page / 4] == 0) page += 4;
            else page++;
        }
        return page;
    }

    /// <summary>The map has a page for it from now on.</summary>
    public void SetPresent(long page) => Set(page, Get(page) | PresentBit);

    /// <summary>It is all zeros from now on, and needs no page.</summary>
    public void SetZero(long page) => Set(page, ZeroBit);

    /// <summary>Writes what was changed; the caller makes it durable.</summary>
    public void Write(IFile file)
    {
        Span<byte> unit = stackalloc byte[UnitBytes];
        foreach (var i in _dirty)
        {
            _bits.AsSpan(i * PayloadBytes, PayloadBytes).CopyTo(unit);
            BinaryPrimitives.WriteUInt32LittleEndian(
                unit[PayloadBytes..], Checksums.Of(unit[..PayloadBytes], where: (ulong)i));
            file.Write((long)i * UnitBytes, unit);
        }
    }

    /// <summary>What was written is durable.</summary>
    public void Clean() => _dirty.Clear();

    /// <inheritdoc/>
    public override string ToString() => _path;

    private int Get(long page) => (_bits[page / 4] >> (int)(page % 4 * 2)) & 3;

    private void Set(long page, int state)
    {
        var shift = (int)(page % 4 * 2);
        var before = _bits[page / 4];
        var after = (byte)((before & ~(3 << shift)) | (state << shift));
        if (before == after) return;
        _bits[page / 4] = after;
        _dirty.Add((int)(page / PagesPerUnit));
    }
}
