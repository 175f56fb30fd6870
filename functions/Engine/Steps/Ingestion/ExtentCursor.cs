using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Ingestion;

/// <summary>
/// Walks an image's extents window by window, in memory for one window. Beyond the image's end is
/// zero, and so is what a full image leaves out.
/// </summary>
internal sealed class ExtentCursor(
    IDiskImage image, ByteRange range, bool isIncremental, CancellationToken cancellation)
    : IAsyncDisposable
{
    private readonly IAsyncEnumerator<Extent> _extents = image
        .ExtentsAsync(Within(range, image.SizeBytes), cancellation)
        .GetAsyncEnumerator(cancellation);

    private long _at = range.Offset;
    private Extent _current = new(new ByteRange(range.Offset, range.Offset), ExtentKind.Zero);
    private bool _ended;

    /// <summary>The extents from where the last call ended up to an end, without gaps.</summary>
    public async ValueTask<List<Extent>> TakeAsync(long end)
    {
        var taken = new List<Extent>();
        while (_at < end)
        {
            if (_current.Range.End <= _at) await NextAsync(end);
            var until = Math.Min(end, _current.Range.End);
            var kind = _current.Kind == ExtentKind.Parent && !isIncremental
                ? ExtentKind.Zero
                : _current.Kind;
            taken.Add(new Extent(new ByteRange(_at, until), kind));
            _at = until;
        }
        return taken;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _extents.DisposeAsync();

    private static ByteRange Within(ByteRange range, long size) =>
        new(Math.Min(range.Offset, size), Math.Min(range.End, size));

    private async ValueTask NextAsync(long end)
    {
        if (!_ended && await _extents.MoveNextAsync())
        {
            _current = _extents.Current;
            return;
        }
        _ended = true;
        _current = new Extent(new ByteRange(_at, end), ExtentKind.Zero);
    }
}
