using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>What a change leaves that another writer was faster than.</content>
public sealed partial class ManifestStore
{
    /// <summary>
    /// Deletes the tables and pages of a change whose head was never written. Their names hold a
    /// revision that has gone to another writer, so that no head can list them any more, unless
    /// that writer made the very same: then they are listed, or retired and still read.
    /// </summary>
    private async Task RemoveLeftAsync(ManifestEdit edit, CancellationToken cancellation)
    {
        if (edit.Written.Count == 0) return;
        var now = await LoadAsync(edit.Head.Machine, cancellation);
        var left = new HashSet<string>(edit.Written, StringComparer.Ordinal);
        left.ExceptWith(now.Head.Retired.SelectMany(r => r.Names));
        left.ExceptWith(now.Head.Pages.Select(p => ObjectNames.VersionPage(now.Machine, p.Hash)));
        Keep(now.Head.Disks.Select(d => d.Nodes));
        Keep(now.Head.Versions.SelectMany(v => v.Disks).Select(d => d.Edges));
        // Pages that were there before the change list nothing that was made with it.
        var known = edit.Before.Head.Pages.Select(p => p.Hash).ToHashSet();
        foreach (var reference in now.Head.Pages)
        {
            if (known.Contains(reference.Hash)) continue;
            var page = await now.PageAsync(reference, cancellation);
            Keep(page.Versions.SelectMany(v => v.Disks).Select(d => d.Edges));
        }
        foreach (var name in left) await baseStore.DeleteAsync(name, ifMatch: null, cancellation);

        void Keep(IEnumerable<TableReference> tables) => left.ExceptWith(
            tables.Where(t => t.Object is not null)
                .Select(t => ObjectNames.ShardTable(now.Machine, t.Object!.Value)));
    }
}
