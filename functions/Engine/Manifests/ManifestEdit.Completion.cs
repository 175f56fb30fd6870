using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>From a change to the head that will be written, once its pages lie in the store.</content>
public sealed partial class ManifestEdit
{
    /// <summary>
    /// Writes the pages that the change needs and answers the head that lists them. A crash after
    /// this and before the head is written leaves pages that nothing lists.
    /// </summary>
    internal async Task<ManifestHead> CompleteAsync(string writeId, CancellationToken cancellation)
    {
        await LeavePacksAsync(cancellation);
        await RefuseListedAndRetiredAsync(cancellation);
        await RefuseListedFilesAsync(cancellation);
        var paging = new ManifestPaging(Before, _baseStore, _options);
        var head = await paging.ApplyAsync(
            Head, new PagedChanges(_onPages, _mergedOffPages, _packsOnPages), cancellation);
        IReadOnlyList<string> orphaned =
        [
            .. paging.Replaced.Select(hash => ObjectNames.VersionPage(head.Machine, hash)),
            .. _tablesOut.Except(_tablesIn).Select(h => ObjectNames.ShardTable(head.Machine, h)),
        ];
        if (orphaned.Count > 0)
        {
            var retired = new RetiredRecord
            {
                Operation = 0,
                SweepAfter = Now.AddSeconds(head.Policy.GraceSeconds),
                Names = orphaned,
            };
            head = head with { Retired = [.. head.Retired, retired] };
        }
        return head with
        {
            Revision = Before.Head.Revision + 1,
            Written = Now,
            Writes = [.. head.Writes.TakeLast(ManifestCodec.WritesKept - 1), writeId],
        };
    }

    private async Task RefuseListedAndRetiredAsync(CancellationToken cancellation)
    {
        foreach (var record in Head.Retired)
        {
            var isNew = _retired.Contains(record);
            foreach (var set in record.Deltas)
            {
                if (!isNew && !_touched.Contains(DeltaListing.EdgeOf(set))) continue;
                var version = await FindVersionAsync(DeltaListing.EdgeOf(set), cancellation);
                if (await DeltaListing.ListsAsync(Before, version, set, cancellation))
                    throw DeltaListing.StillListed(Head.Machine, set.ToString());
            }
        }
    }
}
