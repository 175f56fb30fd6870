using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Nbd;

namespace SnapshotFunctions.LocalTests.Nbd;

/// <summary>A disk in memory, whose reads can be held up and made to fail.</summary>
internal sealed class MemoryExport(byte[] content, bool isWritable) : INbdExport, INbdExports
{
    private readonly Lock _gate = new();

    /// <summary>Reads at this offset wait for it.</summary>
    public (long Offset, Task Until)? Hold { get; set; }

    /// <summary>What reads fail with.</summary>
    public Exception? Fault { get; set; }

    public int Flushes { get; private set; }

    public int Prefetches { get; private set; }

    public byte[] Content => content;

    public string Description => "a disk in memory";

    public long SizeBytes => content.Length;

    public bool IsWritable => isWritable;

    public int PreferredBytes => 4096;

    public IReadOnlyList<string> Names => ["disk0"];

    public ValueTask<INbdExport?> FindAsync(string name, CancellationToken cancellation) =>
        ValueTask.FromResult<INbdExport?>(name is "" or "disk0" ? this : null);

    public ValueTask ExtentsAsync(
        ByteRange range, int most, List<Extent> extents, CancellationToken cancellation)
    {
        for (var at = range.Offset; at < range.End;)
        {
            var end = Math.Min(range.End, (at / 4096 * 4096) + 4096);
            var kind = content.AsSpan((int)at, (int)(end - at)).ContainsAnyExcept((byte)0)
                ? ExtentKind.Data : ExtentKind.Zero;
            if (extents.Count > 0 && extents[^1].Kind == kind)
                extents[^1] = new Extent(extents[^1].Range with { End = end }, kind);
            else if (extents.Count == most) return ValueTask.CompletedTask;
            else extents.Add(new Extent(new ByteRange(at, end), kind));
            at = end;
        }
        return ValueTask.CompletedTask;
    }

    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        if (Hold is { } hold && hold.Offset == offset) await hold.Until.WaitAsync(cancellation);
        if (Fault is not null) throw Fault;
        lock (_gate) content.AsSpan((int)offset, destination.Length).CopyTo(destination.Span);
    }

    public ValueTask WriteAsync(
        long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (Fault is not null) throw Fault;
        lock (_gate) bytes.Span.CopyTo(content.AsSpan((int)offset));
        return ValueTask.CompletedTask;
    }

    public ValueTask ZeroAsync(ByteRange range, bool isStored, CancellationToken cancellation)
    {
        lock (_gate) content.AsSpan((int)range.Offset, (int)range.Length).Clear();
        return ValueTask.CompletedTask;
    }

    public ValueTask TrimAsync(ByteRange range, CancellationToken cancellation) =>
        ZeroAsync(range, false, cancellation);

    public ValueTask FlushAsync(CancellationToken cancellation)
    {
        lock (_gate) Flushes++;
        return ValueTask.CompletedTask;
    }

    public ValueTask PrefetchAsync(ByteRange range, CancellationToken cancellation)
    {
        lock (_gate) Prefetches++;
        return ValueTask.CompletedTask;
    }
}
