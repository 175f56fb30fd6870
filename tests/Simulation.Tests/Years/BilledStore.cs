using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.SimulationTests.Years;

/// <summary>
/// A provider's meter, written apart from the product's: every request is billed where Azure bills
/// it, what is stored is billed for the time that it lies in a tier, and what leaves a tier too
/// soon for the rest of its minimum stay. Prices are those of a table of its own.
/// </summary>
internal sealed class BilledStore(IObjectStore inner, TimeProvider clock, YearPrices prices)
    : IObjectStore
{
    private const int ListPage = 5000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Standing> _standing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _sums = new(StringComparer.Ordinal);

    public string Description => inner.Description;

    /// <summary>Requests that were billed, deletions among them.</summary>
    public long Requests { get; private set; }

    /// <summary>What is owed so far for all but lying there.</summary>
    public decimal Once
    {
        get
        {
            lock (_lock)
                return _sums.Where(s => !s.Key.StartsWith("stored", StringComparison.Ordinal))
                    .Sum(s => s.Value);
        }
    }

    /// <summary>What lies in each tier.</summary>
    public IEnumerable<(StorageTier Tier, decimal Bytes)> Lying
    {
        get
        {
            lock (_lock)
                return [.. _standing.Values.Select(s => (s.Tier, s.Bytes))];
        }
    }

    /// <summary>What is owed so far, by what for.</summary>
    public IReadOnlyDictionary<string, decimal> Sums
    {
        get
        {
            lock (_lock)
            {
                foreach (var name in _standing.Keys.ToList()) Settle(name);
                return new Dictionary<string, decimal>(_sums, StringComparer.Ordinal);
            }
        }
    }

    public async Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default)
    {
        Ask(options.Tier, p => p.Write, "writes");
        var put = await inner.PutAsync(name, content, options, cancellation);
        Place(put);
        return put;
    }

    public async Task<ObjectProperties?> FindAsync(
        string name, CancellationToken cancellation = default)
    {
        var found = await inner.FindAsync(name, cancellation);
        Ask(found?.Tier ?? StorageTier.Hot, p => p.Other, "other");
        return found;
    }

    public async Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default)
    {
        Ask(TierOf(name), p => p.Read, "reads");
        await inner.ReadAsync(name, offset, destination, ifMatch, cancellation);
        Owe("retrieval", destination.Length * prices.Of(TierOf(name)).Retrieval);
    }

    public async Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default)
    {
        Ask(TierOf(name), p => p.Read, "reads");
        var (content, properties) = await inner.ReadWholeAsync(name, mostBytes, cancellation);
        Owe("retrieval", content.Length * prices.Of(properties.Tier).Retrieval);
        return (content, properties);
    }

    public Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default)
    {
        // A block is billed as a Hot write, whatever tier the object is committed to.
        Ask(StorageTier.Hot, p => p.Write, "writes");
        return inner.StageBlockAsync(name, blockId, content, cancellation);
    }

    public async Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default)
    {
        Ask(options.Tier, p => p.Write, "writes");
        // The Azure store asks for the length that came of it, and first whether blocks that are
        // kept are archived.
        Ask(options.Tier, p => p.Other, "other");
        if (blocks.Any(b => b.Committed)) Ask(options.Tier, p => p.Other, "other");
        var committed = await inner.CommitBlocksAsync(name, blocks, options, cancellation);
        Place(committed);
        return committed;
    }

    public Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default)
    {
        Ask(TierOf(name), p => p.Other, "other");
        return inner.GetBlocksAsync(name, cancellation);
    }

    public async IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var count = 0;
        await foreach (var found in inner.ListAsync(prefix, cancellation))
        {
            if (count++ % ListPage == 0) Ask(StorageTier.Hot, p => p.List, "lists");
            yield return found;
        }
        if (count == 0) Ask(StorageTier.Hot, p => p.List, "lists");
    }

    public async Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default)
    {
        lock (_lock) Requests++;
        var deleted = await inner.DeleteAsync(name, ifMatch, cancellation);
        if (deleted) Leave(name);
        return deleted;
    }

    public Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default) =>
        SetTierAsync(name, tier, RehydrationPriority.Standard, cancellation);

    public async Task SetTierAsync(
        string name, StorageTier tier, RehydrationPriority priority,
        CancellationToken cancellation = default)
    {
        var from = TierOf(name);
        // To a colder tier it is a write of that tier, to a warmer one a read of the old one.
        if (tier >= from) Ask(tier, p => p.Write, "writes");
        else Ask(from, p => p.Read, "reads");
        await inner.SetTierAsync(name, tier, priority, cancellation);
        var found = await inner.FindAsync(name, cancellation);
        if (tier < from) Owe("retrieval", found!.LengthBytes * prices.Of(from).Retrieval);
        if (found is not null) Place(found with { Tier = tier });
    }

    public async Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default)
    {
        Ask(options.Tier, p => p.Write, "writes");
        Ask(TierOf(source), p => p.Read, "reads");
        var copy = await inner.CopyAsync(source, destination, options, cancellation);
        lock (_lock)
        {
            if (_standing.ContainsKey(destination)) return copy;
            Owe("retrieval", copy.LengthBytes * prices.Of(TierOf(source)).Retrieval);
            Place(copy with { Tier = options.Tier });
        }
        return copy;
    }

    private StorageTier TierOf(string name)
    {
        lock (_lock)
            return _standing.TryGetValue(name, out var standing) ? standing.Tier : StorageTier.Hot;
    }

    private void Ask(StorageTier tier, Func<YearPrices.Tier, decimal> price, string what)
    {
        lock (_lock) Requests++;
        Owe(what, price(prices.Of(tier)));
    }

    private void Owe(string what, decimal sum)
    {
        lock (_lock) _sums[what] = _sums.GetValueOrDefault(what) + sum;
    }

    private void Place(ObjectProperties put)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            var old = _standing.GetValueOrDefault(put.Name);
            var stays = old is not null && old.Tier == put.Tier;
            Leave(put.Name, isGone: !stays);
            _standing[put.Name] = new Standing(
                put.Tier, Scaled(put.Name, put.LengthBytes), now, stays ? old!.Entered : now);
        }
    }

    private void Leave(string name, bool isGone = true)
    {
        lock (_lock)
        {
            if (!_standing.TryGetValue(name, out var standing)) return;
            Settle(name);
            if (isGone)
            {
                var tier = prices.Of(standing.Tier);
                var left = tier.MinimumDays - (clock.GetUtcNow() - standing.Entered).TotalDays;
                if (left > 0)
                    Owe("early deletion", Billed(standing) * tier.ByteDay * (decimal)left);
            }
            _standing.Remove(name);
        }
    }

    private void Settle(string name)
    {
        var standing = _standing[name];
        var now = clock.GetUtcNow();
        var days = (decimal)(now - standing.Settled).TotalDays;
        Owe($"stored {standing.Tier}", Billed(standing) * prices.Of(standing.Tier).ByteDay * days);
        _standing[name] = standing with { Settled = now };
    }

    /// <summary>
    /// A byte of data stands for many; manifests and indexes are as long as they are.
    /// </summary>
    private static decimal Scaled(string name, long bytes) =>
        name.EndsWith("/base", StringComparison.Ordinal)
        || name.EndsWith(".dat", StringComparison.Ordinal)
        || name.EndsWith(".pack", StringComparison.Ordinal)
            ? bytes : (decimal)bytes / YearPrices.Scale;

    private decimal Billed(Standing standing) =>
        Math.Max(standing.Bytes, prices.Of(standing.Tier).MinimumBytes);

    private sealed record Standing(
        StorageTier Tier, decimal Bytes, DateTimeOffset Settled, DateTimeOffset Entered);
}
