using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Blocks;

/// <summary>
/// Pages of the file that hold mapping tables; the least recently used one makes room.
/// </summary>
/// <remarks>
/// Pages never change once read, so a reader may go on using one that was dropped meanwhile. Two
/// readers may read the same page at once; that costs a read and no harm.
/// </remarks>
internal sealed class TablePages
{
    private const int CapacityBytes = 4 << 20;
    private readonly IByteSource _source;
    private readonly int _capacity;
    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedListNode<Page>> _pages = [];
    private readonly LinkedList<Page> _recent = [];

    /// <summary>Pages of a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="pageBytes">A power of two that entries are aligned within.</param>
    public TablePages(IByteSource source, int pageBytes)
    {
        _source = source;
        PageBytes = pageBytes;
        _capacity = CapacityBytes / pageBytes;
    }

    /// <summary>The size of a page, which starts at a multiple of it.</summary>
    public int PageBytes { get; }

    /// <summary>
    /// The page that holds an offset; zeros where it reaches past the file's end.
    /// </summary>
    public ValueTask<byte[]> PageAsync(long offset, CancellationToken cancellation)
    {
        var start = offset & -PageBytes;
        lock (_lock)
        {
            if (_pages.TryGetValue(start, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return new ValueTask<byte[]>(node.Value.Bytes);
            }
        }

        return LoadAsync(start, cancellation);
    }

    private async ValueTask<byte[]> LoadAsync(long start, CancellationToken cancellation)
    {
        var bytes = new byte[PageBytes];
        var length = (int)Math.Min(PageBytes, _source.LengthBytes - start);
        await _source.ReadAsync(start, bytes.AsMemory(0, length), cancellation);
        lock (_lock)
        {
            if (_pages.ContainsKey(start))
                return bytes;
            _pages.Add(start, _recent.AddFirst(new Page(start, bytes)));
            if (_pages.Count > _capacity)
            {
                _pages.Remove(_recent.Last!.Value.Start);
                _recent.RemoveLast();
            }
        }

        return bytes;
    }

    private sealed record Page(long Start, byte[] Bytes);
}
