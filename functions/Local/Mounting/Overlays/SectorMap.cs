using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>
/// Where each sector of an overlay is: pages of entries in a sparse file, a bounded number of them
/// in memory. Not thread-safe.
/// </summary>
internal sealed class SectorMap(
    IFile file, string path, PageStates states, OverlaySizes sizes)
{
    private const int PageBytes = OverlaySizes.PageSectors * OverlayEntry.Bytes;

    private readonly Dictionary<long, byte[]> _dirty = [];
    private readonly Dictionary<long, LinkedListNode<(long Page, byte[] Bytes)>> _clean = [];
    private readonly LinkedList<(long Page, byte[] Bytes)> _order = [];

    /// <summary>Pages that are changed in memory alone.</summary>
    public int DirtyPages => _dirty.Count;

    /// <summary>The states of the pages.</summary>
    public PageStates States => states;

    /// <summary>Where a sector is.</summary>
    /// <exception cref="OverlayDamagedException">Its entry is not as it was written.</exception>
    public OverlayEntry Get(long sector)
    {
        var page = sector / OverlaySizes.PageSectors;
        if (states.IsPresent(page))
        {
            var entry = OverlayEntry.Read(EntryOf(Load(page), sector), sector)
                ?? throw new OverlayDamagedException(
                    path, $"the entry of sector {sector}", "other bytes");
            if (entry.Kind != EntryKind.Below) return entry;
        }
        return states.IsZero(page) ? OverlayEntry.Zero : default;
    }

    /// <summary>Says where a sector is from now on.</summary>
    public void Set(long sector, OverlayEntry entry)
    {
        var page = sector / OverlaySizes.PageSectors;
        entry.Write(EntryOf(Touch(page), sector), sector);
    }

    /// <summary>Makes whole pages zeros.</summary>
    public void SetZero(long page)
    {
        states.SetZero(page);
        _dirty.Remove(page);
        if (_clean.Remove(page, out var node)) _order.Remove(node);
    }

    /// <summary>
    /// Writes the pages that were changed, durable before the states that make them count.
    /// </summary>
    public void Write(IFile stateFile)
    {
        if (_dirty.Count > 0)
        {
            foreach (var (page, bytes) in _dirty) file.Write(page * PageBytes, bytes);
            file.Sync();
        }
        if (states.IsDirty)
        {
            states.Write(stateFile);
            stateFile.Sync();
        }
        foreach (var (page, bytes) in _dirty) Keep(page, bytes);
        _dirty.Clear();
        states.Clean();
    }

    private static Span<byte> EntryOf(byte[] page, long sector) => page.AsSpan(
        (int)(sector % OverlaySizes.PageSectors) * OverlayEntry.Bytes, OverlayEntry.Bytes);

    /// <summary>A page to change.</summary>
    private byte[] Touch(long page)
    {
        if (_dirty.TryGetValue(page, out var bytes)) return bytes;
        if (!states.IsPresent(page))
        {
            // What the file holds there is of an earlier time, before it all became zeros.
            bytes = new byte[PageBytes];
            states.SetPresent(page);
        }
        else
        {
            bytes = Load(page);
            if (_clean.Remove(page, out var node)) _order.Remove(node);
        }
        _dirty.Add(page, bytes);
        return bytes;
    }

    private byte[] Load(long page)
    {
        if (_dirty.TryGetValue(page, out var changed)) return changed;
        if (_clean.TryGetValue(page, out var node))
        {
            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Bytes;
        }
        var bytes = new byte[PageBytes];
        file.Read(page * PageBytes, bytes);
        Keep(page, bytes);
        return bytes;
    }

    private void Keep(long page, byte[] bytes)
    {
        _clean[page] = _order.AddFirst((page, bytes));
        if (_clean.Count <= sizes.MostCleanPages) return;
        _clean.Remove(_order.Last!.Value.Page);
        _order.RemoveLast();
    }
}
