using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// The writable mounts in the object store: opened, listed and removed with the pins of their
/// versions. No process has a mount; every call finds it in the store, so that nothing of it is
/// lost with a process.
/// </summary>
/// <param name="store">The base placement.</param>
/// <param name="manifests">The manifests.</param>
/// <param name="time">The clock.</param>
public sealed class MountStore(IObjectStore store, ManifestStore manifests, TimeProvider time)
{
    /// <summary>What one call of <see cref="RemoveSomeAsync"/> deletes at most.</summary>
    public const int MostRemoved = 2000;

    private const int AtOnce = 16;

    /// <summary>What nobody can be at work on any more is older than this.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromDays(1);

    /// <summary>The records.</summary>
    public MountRecords Records { get; } = new(store);

    /// <summary>
    /// Opens a mount of a version: written down first, then pinned, then open. A crash in between
    /// leaves a mount that is being opened; the same id goes on with it, and upkeep removes it.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="version">The version; null for the newest.</param>
    /// <param name="id">The mount's id.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="NoSuchException">There is no such machine or version.</exception>
    public async Task<MountRecord> OpenAsync(
        string machine, int? version, string id, CancellationToken cancellation)
    {
        if (await Records.FindAsync(machine, id, cancellation) is not { Record: var record })
        {
            var manifest = await manifests.LoadAsync(machine, cancellation);
            PurgeRules.RequireKept(manifest.Head);
            var found = await ViewOpener.FindAsync(manifest, version, cancellation);
            record = await Records.CreateAsync(
                new MountRecord(
                    id, machine, found.Number, found.Fingerprint, manifest.Head.Layout.SectorBytes,
                    manifest.Head.Layout.ShardBytes,
                    [.. found.Disks.Select(d => new MountDisk(d.Name, d.SizeBytes))],
                    time.GetUtcNow()),
                cancellation);
        }
        if (record.State is not MountState.Opening) return record;
        try
        {
            await MountPins.PinAsync(
                manifests, machine, v => v.Fingerprint == record.Fingerprint,
                new PinRecord(record.Version, record.PinOwner, "a writable mount", record.Created),
                "Open another mount.", cancellation);
        }
        catch (SnapshotException error) when (error is NoSuchException or RefusedException)
        {
            await DiscardAsync(machine, id, cancellation);
            throw;
        }
        return await Records.UpdateAsync(
            machine, id,
            r => r.State is MountState.Opening ? r with { State = MountState.Open } : r,
            cancellation);
    }

    /// <summary>The mounts of a machine that pin a version of it; null for all versions.</summary>
    public async Task<IReadOnlyList<MountRecord>> ListAsync(
        Manifest manifest, int? version, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var mounts = new List<MountRecord>();
        foreach (var pin in manifest.Head.Pins ?? [])
        {
            if ((version is { } wanted && pin.Version != wanted)
                || MountRecord.MountOf(pin.Owner) is not { } id) continue;
            if (await Records.FindAsync(manifest.Machine, id, cancellation) is { } found)
                mounts.Add(found.Record);
        }
        return mounts;
    }

    /// <summary>All mounts that have a record, whether their versions are pinned or not.</summary>
    public async Task<IReadOnlyList<MountRecord>> StoredAsync(
        string machine, CancellationToken cancellation)
    {
        var mounts = new List<MountRecord>();
        await foreach (var one in store.ListAsync(ObjectNames.Mounts(machine), cancellation))
        {
            if (ObjectNames.TryParseMount(one.Name, out _, out var id)
                && string.Equals(
                    one.Name, ObjectNames.MountRecord(machine, id), StringComparison.Ordinal)
                && await Records.FindAsync(machine, id, cancellation) is { } found)
                mounts.Add(found.Record);
        }
        return mounts;
    }

    /// <summary>
    /// Drops a mount and all that was written to it. Called again it goes on where it was ended.
    /// </summary>
    /// <exception cref="NoSuchException">There is no such mount.</exception>
    /// <exception cref="RefusedException">Reason "mount-state": a job commits it.</exception>
    public async Task DiscardAsync(string machine, string id, CancellationToken cancellation)
    {
        await Records.UpdateAsync(
            machine, id,
            r => r.State switch
            {
                MountState.Committing => throw new RefusedException(
                    "mount-state",
                    $"Mount '{id}' is being committed by job '{r.Job}': cancel that first."),
                MountState.Committed or MountState.Discarding => r,
                _ => r with { State = MountState.Discarding },
            },
            cancellation);
        while (!await RemoveSomeAsync(machine, id, cancellation))
        {
        }
    }

    /// <summary>
    /// Makes a mount writable again whose commit has failed; one that another job commits, or that
    /// is not being committed, is left as it is.
    /// </summary>
    public Task<MountRecord> ReopenAsync(
        string machine, string id, string job, CancellationToken cancellation) =>
        Records.UpdateAsync(
            machine, id,
            r => r.State is MountState.Committing
                && string.Equals(r.Job, job, StringComparison.Ordinal)
                ? r with
                {
                    State = MountState.Open, Generation = r.Generation + 1, Job = null,
                    FailedJob = job,
                }
                : r,
            cancellation);

    /// <summary>
    /// Removes some of what a mount that is going has left: the pin, then the chunks, then the
    /// record.
    /// </summary>
    /// <returns>Whether nothing is left.</returns>
    public async Task<bool> RemoveSomeAsync(
        string machine, string id, CancellationToken cancellation)
    {
        if (await Records.FindAsync(machine, id, cancellation) is not { } found) return true;
        if (found.Record.State is not (MountState.Committed or MountState.Discarding))
            throw new RefusedException(
                "mount-state", $"Mount '{id}' is {found.Record.State} and is not going.");
        await MountPins.UnpinAsync(
            manifests, machine, found.Record.Version, found.Record.PinOwner, cancellation);
        var record = ObjectNames.MountRecord(machine, id);
        var names = new List<string>();
        await foreach (var one in store.ListAsync(ObjectNames.Mount(machine, id), cancellation))
        {
            if (string.Equals(one.Name, record, StringComparison.Ordinal)) continue;
            names.Add(one.Name);
            if (names.Count == MostRemoved) break;
        }
        await DeleteAsync(names, cancellation);
        if (names.Count == MostRemoved) return false;
        await Records.DeleteAsync(machine, id, cancellation);
        return true;
    }

    /// <summary>
    /// Removes what calls that were killed have left of a machine's mounts: mounts that never came
    /// to be open, those that are going, and objects without a record, which late writers leave.
    /// What is younger than <see cref="Patience"/> is left alone.
    /// </summary>
    /// <returns>How many mounts were removed.</returns>
    public async Task<int> SweepAsync(
        string machine, DateTimeOffset now, CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var (id, objects) in await ByMountAsync(machine, cancellation))
        {
            if (objects.Newest + Patience > now) continue;
            if (await Records.FindAsync(machine, id, cancellation) is not { } found)
            {
                // No record is ever made under an id again: what lies there is nobody's.
                await DeleteAsync(objects.Names, cancellation);
                removed++;
                continue;
            }
            if (found.Record.State is MountState.Open or MountState.Committing) continue;
            await DiscardAsync(machine, id, cancellation);
            removed++;
        }
        return removed;
    }

    private async Task<SortedDictionary<string, Objects>> ByMountAsync(
        string machine, CancellationToken cancellation)
    {
        var mounts = new SortedDictionary<string, Objects>(StringComparer.Ordinal);
        await foreach (var one in store.ListAsync(ObjectNames.Mounts(machine), cancellation))
        {
            if (!ObjectNames.TryParseMount(one.Name, out _, out var id)) continue;
            if (!mounts.TryGetValue(id, out var objects)) mounts.Add(id, objects = new Objects());
            objects.Add(one);
        }
        return mounts;
    }

    private Task DeleteAsync(IReadOnlyList<string> names, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            names,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation,
            },
            async (name, token) => await store.DeleteAsync(name, ifMatch: null, token));

    /// <summary>What lies in storage of one mount; the rest of a large one goes the next time.</summary>
    private sealed class Objects
    {
        public List<string> Names { get; } = [];

        public DateTimeOffset Newest { get; private set; }

        public void Add(ObjectProperties found)
        {
            if (found.Modified > Newest) Newest = found.Modified;
            if (Names.Count < MostRemoved) Names.Add(found.Name);
        }
    }
}
