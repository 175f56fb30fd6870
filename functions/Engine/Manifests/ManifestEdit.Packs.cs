using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>Packs: who retires a delta need not know whether its data lies in one.</content>
public sealed partial class ManifestEdit
{
    // What replaces a pack's record that lies on a page; null: it is taken out.
    private readonly Dictionary<(long Operation, int Number), PackRecord?> _packsOnPages = [];

    /// <summary>Lists a pack that was written.</summary>
    public void AddPack(PackRecord pack) => Head = Head with { Packs = [.. Head.Packs ?? [], pack] };

    /// <summary>The packs of an operation, as changed so far.</summary>
    public async ValueTask<IReadOnlyList<PackRecord>> PacksAsync(
        long operation, CancellationToken cancellation = default)
    {
        var found = (Head.Packs ?? []).Where(p => p.Operation == operation).ToList();
        foreach (var page in await Before.PagedPacksAsync(operation, cancellation))
        {
            var known = _packsOnPages.TryGetValue((page.Operation, page.Number), out var changed);
            if (!known) found.Add(page);
            else if (changed is not null) found.Add(changed);
        }
        return found;
    }

    /// <summary>Replaces a pack's record; one without members is taken out.</summary>
    public async ValueTask ReplacePackAsync(
        PackRecord pack, CancellationToken cancellation = default)
    {
        PackRecord? kept = pack.Members.Count == 0 ? null : pack;
        if (Head.Packs?.Any(p => p.IsSame(pack)) == true)
        {
            IReadOnlyList<PackRecord> packs =
                [.. Head.Packs.Select(p => p.IsSame(pack) ? kept : p).OfType<PackRecord>()];
            Head = Head with { Packs = packs.Count == 0 ? null : packs };
            return;
        }
        var paged = await Before.PagedPacksAsync(pack.Operation, cancellation);
        if (!paged.Any(p => p.IsSame(pack)))
            throw new ArgumentException($"Pack {pack.Operation}-{pack.Number} is not listed.", nameof(pack));
        _packsOnPages[(pack.Operation, pack.Number)] = kept;
    }

    /// <summary>
    /// Takes the deltas that this change retires out of the packs that hold their data, and
    /// retires the packs that have none left, with the last of them.
    /// </summary>
    private async Task LeavePacksAsync(CancellationToken cancellation)
    {
        foreach (var record in _retired.ToList())
        {
            var empty = new List<string>();
            // Only reverse deltas are packed: a search for the others would find nothing.
            foreach (var set in record.Deltas.Where(d => !d.Key.IsForward))
            {
                foreach (var pack in await PacksAsync(set.Operation, cancellation))
                {
                    var rest = pack.Without(set);
                    if (ReferenceEquals(rest, pack)) continue;
                    await ReplacePackAsync(rest, cancellation);
                    if (rest.Members.Count == 0) empty.Add(pack.ObjectName(Head.Machine));
                }
            }
            if (empty.Count > 0) Retire(record with { Deltas = [], Names = empty });
        }
    }
}
