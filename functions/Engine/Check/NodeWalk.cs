using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// Derives the shard's node at every version from the nodes of pages that the base's footer and the
/// deltas' indexes record, and compares it with what is recorded. Reads no block.
/// </summary>
internal sealed class NodeWalk(ShardChain chain, DeltaReads reads, Findings findings)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var nodes = new Hash256[chain.Layout.PagesPerShard];
        foreach (var page in chain.Base.Footer?.Pages ?? []) nodes[page.Number] = page.Node;
        var found = Fingerprints.Shard(nodes);
        if (found != chain.Base.Node)
        {
            findings.Add(
                ObjectNames.Base(chain.Shard), $"pages of node {chain.Base.Node}", $"{found}",
                chain.Versions);
            return;
        }
        await WalkAsync(chain.Up, (Hash256[])nodes.Clone(), cancellation);
        await WalkAsync(chain.Down, nodes, cancellation);
    }

    private async Task WalkAsync(
        IEnumerable<ShardLink> links, Hash256[] nodes, CancellationToken cancellation)
    {
        var node = chain.Base.Node;
        foreach (var link in links)
        {
            if (link.Delta is not { } key) return;
            // A delta that is not good was told of; nothing can be derived beyond it.
            if (await reads.FindAsync(key, cancellation) is not { } index) return;
            if (index.FromNode != node)
            {
                findings.Add(
                    reads.IndexName(key), $"node {node} at version {key.From}",
                    $"{index.FromNode}", chain.Behind(link));
                return;
            }
            foreach (var page in index.Pages) nodes[page.Page] = page.Node;
            node = Fingerprints.Shard(nodes);
            if (node == index.ToNode) continue;
            findings.Add(
                reads.IndexName(key), $"pages of node {index.ToNode}", $"{node}",
                chain.Behind(link));
            return;
        }
    }
}
