using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>
/// A store as planned work would leave it: reads what is there, keeps in memory what would be
/// written, and never writes. Of long parts only the length is kept; they read as ones.
/// </summary>
/// <param name="real">The store beneath.</param>
/// <param name="time">The plan's clock.</param>
/// <param name="onlineAfter">How long bytes take to come back from Archive.</param>
internal sealed partial class OverlayStore(
    IObjectStore real, TimeProvider time, Func<long, RehydrationPriority, TimeSpan> onlineAfter)
    : IObjectStore
{
    private const int MostKeptBytes = 1 << 20;
    private const int MostPartBytes = 1 << 30;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PlannedObject?> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlannedObject> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, string Id), PlannedBlock> _staged = [];
    private long _requests;
    private int _etags;

    /// <inheritdoc/>
    public string Description => real.Description;

    /// <summary>Requests that the plan itself has made of the store beneath.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <inheritdoc/>
    public async Task<ObjectProperties?> FindAsync(
        string name, CancellationToken cancellation = default) =>
        (await StandingAsync(name, cancellation))?.Properties;

    /// <inheritdoc/>
    public async Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default)
    {
        if (Recall(name) is not { } known)
        {
            Interlocked.Increment(ref _requests);
            await real.ReadAsync(name, offset, destination, ifMatch, cancellation);
            return;
        }
        if (known.Object is not { } found) throw new ObjectNotFoundException(name);
        RequireOnline(found);
        if (ifMatch is not null && !string.Equals(ifMatch, found.Properties.ETag, StringComparison.Ordinal))
            throw new OvertakenException(name, "the planned work has replaced it");
        await ReadAsync(found, offset, destination, cancellation);
    }

    /// <inheritdoc/>
    public async Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default)
    {
        if (Recall(name) is not { } known)
        {
            Interlocked.Increment(ref _requests);
            return await real.ReadWholeAsync(name, mostBytes, cancellation);
        }
        if (known.Object is not { } found) throw new ObjectNotFoundException(name);
        RequireOnline(found);
        if (found.Properties.LengthBytes > mostBytes)
            throw new StoreRefusedException(
                name, $"{found.Properties.LengthBytes} bytes where {mostBytes} were expected");
        var content = new byte[found.Properties.LengthBytes];
        await ReadAsync(found, 0, content, cancellation);
        return (content, found.Properties);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default)
    {
        if (Recall(name) is { } known && known.Object is not { Blocks: null })
        {
            return known.Object is { } found
                ? [.. found.Blocks!.Where(b => b.Id.Length > 0)
                    .Select(b => new CommittedBlock(b.Id, b.LengthBytes))]
                : throw new ObjectNotFoundException(name);
        }
        Interlocked.Increment(ref _requests);
        return await real.GetBlocksAsync(name, cancellation);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix,
        [System.Runtime.CompilerServices.EnumeratorCancellation]
        CancellationToken cancellation = default)
    {
        Interlocked.Increment(ref _requests);
        Queue<string> own;
        lock (_lock)
            own = new Queue<string>(_objects.Keys
                .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
        await foreach (var item in real.ListAsync(prefix, cancellation))
        {
            while (own.TryPeek(out var next) && string.CompareOrdinal(next, item.Name) < 0)
                if (Recall(own.Dequeue())?.Object is { } before) yield return before.Properties;
            if (Recall(item.Name) is null) yield return item;
        }
        while (own.TryDequeue(out var rest))
            if (Recall(rest)?.Object is { } after) yield return after.Properties;
    }

    /// <summary>That an object is there and its bytes can be read.</summary>
    public async Task RequireReadableAsync(string name, CancellationToken cancellation)
    {
        // What was never seen here is asked for once; the bytes themselves are not read.
        PlannedObject? found;
        lock (_lock)
        {
            if (!_objects.TryGetValue(name, out found)) _seen.TryGetValue(name, out found);
            else found = found?.At(time.GetUtcNow()) ?? throw new ObjectNotFoundException(name);
        }
        found ??= await StandingAsync(name, cancellation)
            ?? throw new ObjectNotFoundException(name);
        RequireOnline(found);
    }

    private static void RequireOnline(PlannedObject found)
    {
        if (found.Properties.Tier == StorageTier.Archive)
            throw new ObjectArchivedException(
                found.Properties.Name, found.Properties.RehydratingTo is not null);
    }

    /// <summary>What the plan knows of a name; null when it has never seen it.</summary>
    private Known? Recall(string name)
    {
        lock (_lock)
        {
            if (!_objects.TryGetValue(name, out var found)) return null;
            // One that was only looked at is read where it lies.
            return found is { Blocks: null, Properties.Tier: not StorageTier.Archive }
                ? null : new Known(found?.At(time.GetUtcNow()));
        }
    }

    private async Task<PlannedObject?> StandingAsync(string name, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_objects.TryGetValue(name, out var known)) return known?.At(time.GetUtcNow());
        }
        Interlocked.Increment(ref _requests);
        var found = await real.FindAsync(name, cancellation);
        if (found is null) return null;
        var seen = new PlannedObject(found, null, default);
        lock (_lock) _seen[name] = seen;
        return seen;
    }

    private async Task ReadAsync(
        PlannedObject found, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        ObjectRules.CheckRange(
            found.Properties.Name, offset, destination.Length, found.Properties.LengthBytes);
        if (found.Blocks is null)
        {
            destination.Span.Fill(1);
            return;
        }
        var at = 0L;
        foreach (var block in found.Blocks)
        {
            var (from, to) = (
                Math.Max(offset, at), Math.Min(offset + destination.Length, at + block.LengthBytes));
            if (from < to)
            {
                var part = destination.Slice((int)(from - offset), (int)(to - from));
                if (block.Content is { } content)
                    content.AsMemory((int)(from - at), part.Length).CopyTo(part);
                else if (block.RealOffset < 0)
                    part.Span.Fill(1);
                else
                    await ReadRealAsync(
                        found.Properties.Name, block.RealOffset + from - at, part, cancellation);
            }
            at += block.LengthBytes;
        }
    }

    private Task ReadRealAsync(
        string name, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _requests);
        return real.ReadAsync(name, offset, destination, null, cancellation);
    }
}

/// <summary>What a plan knows of a name.</summary>
/// <param name="Object">The object; null: it would be gone.</param>
#pragma warning disable MA0048 // It only tells "gone" from "never seen".
internal sealed record Known(PlannedObject? Object);
