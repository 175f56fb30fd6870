using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <content>What changes the store.</content>
public sealed partial class MeteredStore
{
    /// <inheritdoc/>
    public async Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default)
    {
        var meter = UsageMeter.Current;
        meter?.Add(UsageKind.Write, Billed(options.Tier), 1, content.Length);
        var put = await inner.PutAsync(name, content, options, cancellation);
        Written(meter, put);
        return put;
    }

    /// <inheritdoc/>
    public Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default)
    {
        // A block has no tier before it is committed.
        UsageMeter.Current?.Add(UsageKind.Write, usual, 1, content.Length);
        return inner.StageBlockAsync(name, blockId, content, cancellation);
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default)
    {
        var meter = UsageMeter.Current;
        if (meter is not null)
        {
            // The Azure store asks whether kept blocks are archived, and after the commit what
            // length the blob has now.
            meter.Add(UsageKind.Write, Billed(options.Tier), 1, 0);
            var asks = 1;
            for (var i = 0; i < blocks.Count; i++)
            {
                if (!blocks[i].Committed) continue;
                asks = 2;
                break;
            }
            meter.Add(UsageKind.Other, Billed(options.Tier), asks, 0);
        }
        var committed = await inner.CommitBlocksAsync(name, blocks, options, cancellation);
        Written(meter, committed);
        return committed;
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default)
    {
        if (UsageMeter.Current is not { } meter)
        {
            var done = await inner.DeleteAsync(name, ifMatch, cancellation);
            _known.Forget(name);
            return done;
        }
        // What leaves a cold tier early is billed on, and nobody tells afterwards what it was.
        if (!_known.TryGet(name, out _) && IsTiered(name))
            await AskAsync(meter, name, cancellation);
        var deleted = await inner.DeleteAsync(name, ifMatch, cancellation);
        meter.Add(UsageKind.Delete, Billed(_known.TierOf(name)), 1, 0);
        if (_known.TryGet(name, out var known))
        {
            if (deleted) Left(meter, known);
            _known.Forget(name);
        }
        return deleted;
    }

    /// <inheritdoc/>
    public Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default) =>
        MoveAsync(
            name, tier, RehydrationPriority.Standard,
            () => inner.SetTierAsync(name, tier, cancellation), cancellation);

    /// <inheritdoc/>
    public Task SetTierAsync(
        string name, StorageTier tier, RehydrationPriority priority,
        CancellationToken cancellation = default) =>
        MoveAsync(
            name, tier, priority,
            () => inner.SetTierAsync(name, tier, priority, cancellation), cancellation);

    /// <inheritdoc/>
    public async Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default)
    {
        if (UsageMeter.Current is not { } meter)
        {
            var made = await inner.CopyAsync(source, destination, options, cancellation);
            _known.Keep(made);
            return made;
        }
        if (!_known.TryGet(source, out var known)
            && await AskAsync(meter, source, cancellation) is { } asked)
            known = KnownObject.Of(asked);
        var isNew = !_known.TryGet(destination, out _);
        var copy = await inner.CopyAsync(source, destination, options, cancellation);
        var from = Billed(known.Tier);
        var bytes = isNew ? copy.LengthBytes : 0;
        // The copy is written in its own tier; what is read for it is billed where the source lies.
        meter.Add(UsageKind.Write, Billed(options.Tier), 1, 0);
        if (from == StorageTier.Archive)
            meter.Add(
                options.Priority == RehydrationPriority.High
                    ? UsageKind.RehydrateHigh : UsageKind.RehydrateStandard,
                StorageTier.Archive, 1, bytes);
        else
            meter.Add(UsageKind.Read, from, 1, bytes);
        // On its way it tells the source's tier; it is billed in the one that it goes to.
        var arrived = copy with { Tier = copy.RehydratingTo ?? copy.Tier, RehydratingTo = null };
        if (isNew) Written(meter, arrived);
        _known.Keep(arrived);
        return copy;
    }

    private async Task MoveAsync(
        string name, StorageTier tier, RehydrationPriority priority, Func<Task> move,
        CancellationToken cancellation)
    {
        if (UsageMeter.Current is not { } meter)
        {
            await move();
            _known.Forget(name);
            return;
        }
        if (!_known.TryGet(name, out var known)
            && await AskAsync(meter, name, cancellation) is { } asked)
            known = KnownObject.Of(asked);
        await move();
        var now = time.GetUtcNow();
        var (from, to) = (Billed(known.Tier), Billed(tier));
        if (from == StorageTier.Archive && to != StorageTier.Archive)
        {
            // One that is on its way is only hurried; the request is billed again, its bytes not.
            meter.Add(
                priority == RehydrationPriority.High
                    ? UsageKind.RehydrateHigh : UsageKind.RehydrateStandard,
                StorageTier.Archive, 1, known.RehydratingTo is null ? known.LengthBytes : 0);
        }
        else if (to > from)
        {
            meter.Add(UsageKind.Write, to, 1, 0);
        }
        else
        {
            meter.Add(UsageKind.Read, from, 1, to < from ? known.LengthBytes : 0);
        }
        if (to == from) return;
        Left(meter, known);
        meter.Add(UsageKind.Stored, to, 1, known.LengthBytes);
        // When a rehydration ends, and so which tier it is billed in, is asked anew.
        if (from == StorageTier.Archive) _known.Forget(name);
        else _known.Keep(name, known with { Tier = tier, Since = now });
    }

    private void Written(UsageMeter? meter, ObjectProperties now)
    {
        if (meter is not null)
        {
            if (_known.TryGet(now.Name, out var before)) Left(meter, before);
            meter.Add(UsageKind.Stored, Billed(now.Tier), 1, now.LengthBytes);
        }
        _known.Keep(now);
    }

    /// <summary>An object leaves its tier: deleted, replaced or moved.</summary>
    private void Left(UsageMeter meter, in KnownObject known)
    {
        var now = time.GetUtcNow();
        var tier = Billed(known.Tier);
        meter.Add(UsageKind.Stored, tier, -1, -known.LengthBytes);
        var left = known.Since.AddDays(prices.Of(tier).MinimumDays) - now;
        if (left <= TimeSpan.Zero) return;
        var bytes = prices.BilledBytes(tier, known.LengthBytes);
        meter.Add(UsageKind.EarlyDeletion, tier, 1, (long)(bytes * left.TotalDays));
    }
}
