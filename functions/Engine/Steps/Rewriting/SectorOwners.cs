using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Rewriting;

/// <summary>
/// Which delta of a chain gives each sector, found the other way round than a map of places finds
/// it: deltas are taken in the order in which they are laid, and the last one that has a sector
/// owns it. A composition is held against this, so that one mistake in either stops it.
/// </summary>
internal sealed class SectorOwners(Layout layout)
{
    private readonly Dictionary<int, Block> _blocks = [];

    /// <summary>How many blocks the chain changes.</summary>
    public int Count => _blocks.Count;

    /// <summary>Lays the next delta of the chain.</summary>
    public void Lay(DeltaIndex delta, int place)
    {
        foreach (var run in delta.ZeroRuns)
            for (var block = run.First; block < run.End; block++)
                Lay(block, layout.FullMask, Hash256.Zero, place);
        foreach (ref readonly var entry in delta.Entries.AsSpan())
            Lay(entry.Block, entry.Changed, entry.Hash, place);
    }

    /// <summary>What a block hashes to at the chain's end.</summary>
    public Hash256 HashOf(int block) => _blocks[block].Hash;

    /// <summary>The sectors of a block that a delta owns.</summary>
    public ushort OwnedBy(int block, int place)
    {
        var mask = 0;
        var owners = _blocks[block].Owners;
        for (var s = 0; s < owners.Length; s++)
            if (owners[s] == place + 1) mask |= 1 << s;
        return (ushort)mask;
    }

    private void Lay(int block, ushort changed, Hash256 hash, int place)
    {
        if (!_blocks.TryGetValue(block, out var known))
            _blocks.Add(block, known = new Block(new ushort[layout.SectorsPerBlock]));
        known.Hash = hash;
        for (var s = 0; s < known.Owners.Length; s++)
            if ((changed >> s & 1) != 0) known.Owners[s] = (ushort)(place + 1);
    }

    private sealed class Block(ushort[] owners)
    {
        public ushort[] Owners { get; } = owners;

        public Hash256 Hash { get; set; }
    }
}
