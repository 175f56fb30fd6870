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
        if (chain.IsOnOrigin)
            for (var page = 0; page < nodes.Length; page++)
                nodes[page] = chain.Origin!.PageNode(page);
        else
            foreach (var page in chain.Base.Footer?.Pages ?? []) nodes[page.Number] = page.Node;
        var found = Fingerprints.Shard(nodes);
        var recorded = !chain.IsOnOrigin ? chain.Base.Node
            : chain.Links is [{ Delta: null } oldest, ..] ? oldest.Edge.Node
            : found;
        if (found != recorded)
        {
            findings.Add(
                ObjectNames.Base(chain.Shard), $"pages of node {recorded}", $"{found}",
                chain.Versions);
            return;
        }
        await WalkAsync(chain.Up, (Hash256[])nodes.Clone(), cancellation);
        await WalkAsync(chain.Down, nodes, cancellation);
    }

    private async Task WalkAsync(
        IEnumerable<ShardLink> links, Hash256[] nodes, CancellationToken cancellation)
    {
        var node = Fingerprints.Shard(nodes);
        foreach (var link in links)
        {
            if (link.Delta is not { } key) continue;
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
