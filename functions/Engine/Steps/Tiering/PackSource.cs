using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>A delta on its way into a pack: as it is, and as it will be.</summary>
/// <param name="Shard">Its shard.</param>
/// <param name="Old">Its index as it stands.</param>
/// <param name="Index">Its index as the operation writes it.</param>
/// <param name="IndexBytes">The bytes of that.</param>
internal sealed record PackSource(
    ShardKey Shard, DeltaIndex Old, DeltaIndex Index, byte[] IndexBytes)
{
    /// <summary>
    /// The members of a pack, laid out one behind the other. The edges still name the old deltas,
    /// as nobody else moves them while the operation is listed.
    /// </summary>
    public static async Task<(PackHeader Header, IReadOnlyList<PackSource> Sources)> LayOutAsync(
        StepServices services, Manifest manifest, PackRecord pack, Hash256 input,
        CancellationToken cancellation)
    {
        var olds = new List<(ShardKey Shard, DeltaIndex Index)>();
        foreach (var set in pack.Members)
        {
            var version = await manifest.FindVersionAsync(set.Key.Edge, cancellation)
                ?? throw Moved(pack, set);
            foreach (var number in set.Shards)
            {
                var shard = new ShardKey(manifest.Machine, set.Disk, number);
                var edge = await manifest.FindEdgeAsync(version, set.Disk, number, cancellation);
                if (edge is not { ReverseOperation: not 0 } found || found.Previous != set.To)
                    throw Moved(pack, set);
                var old = new DeltaKey(set.From, set.To, found.ReverseOperation);
                olds.Add((shard, await services.Resolver.Indexes.DeltaAsync(
                    shard, old, cancellation)));
            }
        }
        // An index is as long whatever the offset in it: laid out once, then written with it.
        var header = PackHeader.Of(
            manifest.Machine, pack.Operation, pack.Number,
            [.. olds.Select(o => new PackMember(
                o.Shard.Disk, o.Shard.Shard, o.Index.From, o.Index.To, 0, o.Index.DataBytes,
                New(o.Index, pack, 1, input).Encode().Length))]);
        var sources = new List<PackSource>();
        for (var i = 0; i < olds.Count; i++)
        {
            var index = New(olds[i].Index, pack, header.Members[i].Offset, input);
            sources.Add(new PackSource(olds[i].Shard, olds[i].Index, index, index.Encode()));
        }
        return (header, sources);
    }

    private static DeltaIndex New(
        DeltaIndex old, PackRecord pack, long offset, Hash256 input) => new()
        {
            Header = old.Header with { Operation = pack.Operation },
            From = old.From,
            To = old.To,
            FromDiskBytes = old.FromDiskBytes,
            ToDiskBytes = old.ToDiskBytes,
            Card = old.Card,
            Input = input,
            FromNode = old.FromNode,
            ToNode = old.ToNode,
            DataBytes = old.DataBytes,
            DataHash = old.DataHash,
            Pack = pack.Number,
            PackOffset = offset,
            Frames = old.Frames,
            ZeroRuns = old.ZeroRuns,
            Entries = old.Entries,
            Pages = old.Pages,
        };

    private static SupersededException Moved(PackRecord pack, DeltaSet set) =>
        new(pack.Operation, pack.Operation, $"{set}");
}
