using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>
/// The hashes of the blocks of touched pages as versions change them, and the nodes above: the
/// part of the fingerprint tree that a step computes anew. Untouched pages count by their node.
/// </summary>
internal sealed class PageHashes(Layout layout, Func<int, Hash256> pageNode)
{
    private readonly Dictionary<int, Hash256[]> _hashes = [];
    private readonly Hash256[] _nodes =
        [.. Enumerable.Range(0, layout.PagesPerShard).Select(pageNode)];

    /// <summary>The shard's node now.</summary>
    public Hash256 ShardNode => Fingerprints.Shard(_nodes);

    /// <summary>The node of a page now.</summary>
    public Hash256 NodeOf(int page) => _nodes[page];

    /// <summary>Takes a page in with its blocks' hashes, proving that its node is theirs.</summary>
    /// <exception cref="ProofFailedException">The page's node is of other hashes.</exception>
    public void Load(int page, Func<int, Hash256> hashOf, string subject)
    {
        if (_hashes.ContainsKey(page)) return;
        var hashes = new Hash256[layout.BlocksPerPage];
        for (var i = 0; i < hashes.Length; i++)
            hashes[i] = hashOf((page * layout.BlocksPerPage) + i);
        var node = Fingerprints.Page(hashes);
        if (node != _nodes[page])
            throw new ProofFailedException($"page {page} of {subject}", _nodes[page], node);
        _hashes.Add(page, hashes);
    }

    /// <summary>Sets the hash of a block whose page was taken in.</summary>
    public void Set(int block, Hash256 hash) =>
        _hashes[block / layout.BlocksPerPage][block % layout.BlocksPerPage] = hash;

    /// <summary>Computes the nodes of pages anew.</summary>
    public IReadOnlyList<PageNode> Refresh(IEnumerable<int> pages)
    {
        var refreshed = new List<PageNode>();
        foreach (var page in pages)
        {
            _nodes[page] = Fingerprints.Page(_hashes[page]);
            refreshed.Add(new PageNode(page, _nodes[page]));
        }
        return refreshed;
    }
}
