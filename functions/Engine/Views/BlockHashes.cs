using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>The hashes of blocks at a version, and what they tell of two; reads no data.</summary>
public static class BlockHashes
{
    /// <summary>The hashes of ascending blocks of a shard; Zero past the disk's end.</summary>
    public static async Task<Hash256[]> ReadAsync(
        DiskView view, int shard, IReadOnlyList<int> blocks, CancellationToken cancellation)
    {
        if (blocks.Count == 0) return [];
        if (view.Layout.ShardLength(view.SizeBytes, shard) == 0) return new Hash256[blocks.Count];
        return await view.OnShardAsync(
            shard,
            async resolved =>
            {
                await resolved.LoadAsync(blocks, cancellation);
                var hashes = new Hash256[blocks.Count];
                for (var i = 0; i < hashes.Length; i++) hashes[i] = resolved.HashOf(blocks[i]);
                return hashes;
            },
            cancellation);
    }

    /// <summary>The blocks of a part of a shard that differ between two versions, ascending.</summary>
    /// <param name="from">The disk at one version.</param>
    /// <param name="to">The disk at the other.</param>
    /// <param name="shard">The shard.</param>
    /// <param name="first">The part's first block.</param>
    /// <param name="end">One past its last.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<IReadOnlyList<ChangedBlock>> ChangedAsync(
        DiskView from, DiskView to, int shard, int first, int end, CancellationToken cancellation)
    {
        var blocks = await CandidatesAsync(from, to, shard, first, end, cancellation);
        // One after the other, so that either side can begin anew without the other.
        var before = await ReadAsync(from, shard, blocks, cancellation);
        var after = await ReadAsync(to, shard, blocks, cancellation);
        var changed = new List<ChangedBlock>();
        for (var i = 0; i < before.Length; i++)
            if (before[i] != after[i]) changed.Add(new ChangedBlock(blocks[i], after[i].IsZero));
        return changed;
    }

    /// <summary>
    /// Where both versions rest on the same state of the base, blocks that no delta on either way
    /// touches are alike, and their pages need not be read. That is so of the versions for ever,
    /// wherever the base goes from there.
    /// </summary>
    private static async Task<IReadOnlyList<int>> CandidatesAsync(
        DiskView from, DiskView to, int shard, int first, int end, CancellationToken cancellation)
    {
        var (one, oneTouches) = await TouchedAsync(from, shard, first, end, cancellation);
        var (other, otherTouches) = await TouchedAsync(to, shard, first, end, cancellation);
        return one is not null && string.Equals(one, other, StringComparison.Ordinal)
            ? [.. oneTouches.Union(otherTouches).Order()]
            : [.. Enumerable.Range(first, end - first)];
    }

    private static async Task<(string? ETag, List<int> Blocks)> TouchedAsync(
        DiskView view, int shard, int first, int end, CancellationToken cancellation)
    {
        if (view.Layout.ShardLength(view.SizeBytes, shard) == 0) return (null, []);
        return await view.OnShardAsync(
            shard,
            resolved => Task.FromResult((
                resolved.BaseState,
                resolved.BlocksOffBase.Where(b => b >= first && b < end).ToList())),
            cancellation);
    }
}
