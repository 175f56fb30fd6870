using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.SimulationTests.Sharing;

/// <summary>A base's bytes as they lie in the store, cut into its parts by its footer.</summary>
internal sealed class StoredBase
{
    private readonly byte[] _bytes;

    private StoredBase(string name, byte[] bytes)
    {
        (Name, _bytes) = (name, bytes);
        var length = BaseFooter.LengthFrom(bytes, name);
        Footer = BaseFooter.Decode(bytes.AsSpan(bytes.Length - length), name);
        TableOffset = bytes.Length - length - (Footer.Shared?.LengthBytes ?? 0);
        Shared = Footer.Shared is { } table
            ? SharedTable.Decode(
                bytes.AsSpan(TableOffset, table.LengthBytes), Footer.Header.Layout, name)
            : [];
    }

    public string Name { get; }

    public BaseFooter Footer { get; }

    /// <summary>Where the table of shared frames begins, or the footer where there is none.</summary>
    public int TableOffset { get; }

    public IReadOnlyList<SharedBlock> Shared { get; }

    /// <summary>Blocks whose frame no other block names: the others have left it.</summary>
    public int Alone => Shared.GroupBy(s => (s.Segment, s.Offset)).Count(g => g.Count() == 1);

    public static StoredBase Of(Rig rig, int shard, string disk = "disk0") =>
        Of(rig.Base, ObjectNames.Base(new ShardKey(Rig.Machine, disk, shard)));

    public static StoredBase Of(SimulatedStore store, string name) => new(name, store.Peek(name)!);

    /// <summary>All blocks that have a frame.</summary>
    public Dictionary<int, IndexEntry> Entries()
    {
        var entries = new Dictionary<int, IndexEntry>();
        for (var place = 0; place < Footer.Pages.Count; place++)
        {
            var record = Footer.Pages[place];
            var page = IndexPage.Decode(
                _bytes.AsSpan(PageOffset(place), record.LengthBytes), record.Number,
                Footer.Header.Layout, Name);
            for (var i = 0; i < page.Entries.Length; i++)
                if (page.Entries[i].HasFrame)
                    entries.Add((record.Number * page.Entries.Length) + i, page.Entries[i]);
        }
        return entries;
    }

    /// <summary>Where a segment begins.</summary>
    public int SegmentOffset(int number) =>
        Footer.Segments.TakeWhile(s => s.Number != number).Sum(s => s.LengthBytes);

    /// <summary>Where an index page begins.</summary>
    public int PageOffset(int place) => Footer.Segments.Sum(s => s.LengthBytes)
        + Footer.Pages.Take(place).Sum(p => p.LengthBytes);

    /// <summary>Puts the same in its place with another table and other records of segments.</summary>
    public async Task CommitAsync(
        SimulatedStore store, IReadOnlyList<SharedBlock> shared,
        IReadOnlyList<SegmentRecord>? segments = null)
    {
        var table = shared.Count == 0 ? [] : SharedTable.Encode(shared);
        var record = new SharedRecord(table.Length, Hash256.Of(table));
        var footer = (Footer with
        {
            Shared = shared.Count == 0 ? null : record,
            Segments = segments ?? Footer.Segments,
        }).Encode();
        List<BlockReference> blocks =
        [
            .. Footer.Segments.Select(s => new BlockReference(s.BlockId, true)),
            .. Footer.Pages.Select(p => new BlockReference(p.BlockId, true)),
        ];
        if (shared.Count > 0) await StageAsync(record.BlockId, table);
        await StageAsync(BlockIds.Footer(Hash256.Of(footer)), footer);
        await store.CommitBlocksAsync(Name, blocks, new WriteOptions(), CancellationToken.None);

        async Task StageAsync(string id, byte[] bytes)
        {
            await store.StageBlockAsync(Name, id, bytes, CancellationToken.None);
            blocks.Add(new BlockReference(id, false));
        }
    }
}
