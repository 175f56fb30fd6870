using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>
/// The proof of a patch: the shard's node at every version it passes through, computed from the
/// hashes that the windows have verified from bytes, equals the one recorded at ingestion.
/// </summary>
internal static class PatchProof
{
    /// <summary>Walks the versions; answers the touched pages' nodes before each delta.</summary>
    /// <exception cref="ProofFailedException">A node is another one.</exception>
    public static List<(Hash256 ShardNode, IReadOnlyList<PageNode> Pages)> Walk(
        PatchShardInput input, ShardView baseView, IReadOnlyList<PatchDelta> plan,
        IReadOnlyList<DeltaIndex> deltas)
    {
        var layout = baseView.Base.Footer.Header.Layout;
        var hashes = new PageHashes(layout, baseView.PageNode);
        var subject = $"{input.Key} at version {baseView.Version}";
        // What an origin gives is proved by the first delta, which names the node it begins at.
        if (!baseView.IsOnOrigin) Require(subject, baseView.Base.Footer.Node, hashes.ShardNode);
        foreach (var page in PatchWindows.Pages(deltas, layout))
            hashes.Load(page, baseView.HashOf, subject);
        var before = new List<(Hash256, IReadOnlyList<PageNode>)>();
        for (var d = 0; d < deltas.Count; d++)
        {
            var delta = deltas[d];
            Require(
                $"{input.Key} at version {delta.From}", delta.FromNode, hashes.ShardNode);
            var pages = PatchWindows.Pages([delta], layout);
            before.Add((
                hashes.ShardNode, [.. pages.Select(p => new PageNode(p, hashes.NodeOf(p)))]));
            Apply(delta, hashes);
            hashes.Refresh(pages);
            foreach (var recorded in delta.Pages)
                Require(
                    $"page {recorded.Page} of {input.Key} at version {delta.To}", recorded.Node,
                    hashes.NodeOf(recorded.Page));
            Require($"{input.Key} at version {delta.To}", delta.ToNode, hashes.ShardNode);
            Require(
                $"{input.Key} at version {delta.To} as the manifest has it",
                plan[d].Node, hashes.ShardNode);
        }
        return before;
    }

    /// <summary>Stops unless two nodes are the same.</summary>
    public static void Require(string subject, Hash256 expected, Hash256 found)
    {
        if (expected != found) throw new ProofFailedException(subject, expected, found);
    }

    private static void Apply(DeltaIndex delta, PageHashes hashes)
    {
        foreach (var run in delta.ZeroRuns)
            for (var block = run.First; block < run.End; block++) hashes.Set(block, Hash256.Zero);
        foreach (ref readonly var entry in delta.Entries.AsSpan())
            hashes.Set(entry.Block, entry.Hash);
    }
}
