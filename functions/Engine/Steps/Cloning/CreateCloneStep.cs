using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>
/// <c>CreateClone</c>: makes the manifest of a clone, in one write, once the version that it begins
/// from is pinned for it. No block is read or written.
/// </summary>
public sealed class CreateCloneStep(StepServices services)
    : Step<CreateCloneInput, CreatedClone>(CloneSteps.Create)
{
    /// <inheritdoc/>
    public override async Task<CreatedClone> RunAsync(
        CreateCloneInput input, CancellationToken cancellation)
    {
        if (await FindAsync(input, cancellation) is null) await MakeAsync(input, cancellation);
        var made = await services.Manifests.LoadAsync(input.Name, cancellation);
        if (!PinOriginStep.IsOf(made.Head.Origin, input.Origin.Job))
            throw new NoSuchException($"machine '{input.Name}' any more", "It was deleted.");
        // A crash before here leaves a clone that only a copy of its head could be rebuilt from;
        // the repeat writes what is missing.
        await NoteAsync(made, input, cancellation);
        return (await FindAsync(input, cancellation))!;
    }

    private async Task MakeAsync(CreateCloneInput input, CancellationToken cancellation)
    {
        var origin = await services.Manifests.LoadAsync(input.Origin.Machine, cancellation);
        RequirePin(origin, input);
        var version = await origin.FindVersionAsync(input.Origin.Version, cancellation);
        if (version?.Fingerprint != input.Origin.Fingerprint)
            throw new NoSuchException(
                $"version {input.Origin.Version} of '{input.Origin.Machine}' any more",
                "It has expired.");
        try
        {
            await services.Manifests.CreateAsync(
                input.Name, origin.Head.Layout, origin.Head.Policy,
                edit => FillAsync(edit, origin, version, input, cancellation), cancellation);
        }
        catch (RefusedException refused) when (refused.Reason is "machine-exists")
        {
            // By a twin of this step, or by somebody else, which the look tells.
        }
    }

    /// <summary>Writes what the clone began from, and a first copy of its head.</summary>
    private async Task NoteAsync(
        Manifest made, CreateCloneInput input, CancellationToken cancellation)
    {
        var operation = made.Head.FirstOperation ?? 1;
        var name = ObjectNames.Origin(made.Machine, operation);
        IObjectStore[] stores = [.. new[] { services.BaseStore, services.DeltaStore }.Distinct()];
        var missing = new List<IObjectStore>();
        foreach (var store in stores)
            if (await store.FindAsync(name, cancellation) is null) missing.Add(store);
        if (missing.Count > 0)
        {
            var note = await NoteOfAsync(made, input.Origin, operation, cancellation);
            foreach (var store in missing) await note.WriteAsync(store, cancellation);
            await RequireStillAsync(made, name, missing, cancellation);
        }
        if (made.Head.NextOperation == operation + 1 && await services.BaseStore.FindAsync(
            ObjectNames.HeadCopy(made.Machine, operation), cancellation) is null)
            await services.Manifests.CopyHeadAsync(made.Machine, operation, cancellation);
    }

    /// <summary>Takes a note back that comes after the clone was deleted.</summary>
    private async Task RequireStillAsync(
        Manifest made, string name, List<IObjectStore> written, CancellationToken cancellation)
    {
        if (await services.Manifests.FindAsync(made.Machine, cancellation) is { } now
            && now.Head.FirstOperation == made.Head.FirstOperation) return;
        foreach (var store in written) await store.DeleteAsync(name, ifMatch: null, cancellation);
        throw new NoSuchException($"machine '{made.Machine}' any more", "It was deleted.");
    }

    private async Task<OriginNote> NoteOfAsync(
        Manifest made, OriginRecord record, long operation, CancellationToken cancellation)
    {
        var origin = await services.Manifests.LoadAsync(record.Machine, cancellation);
        var version = await origin.FindVersionAsync(record.Version, cancellation)
            ?? throw new NoSuchException(
                $"version {record.Version} of '{record.Machine}' any more", "It has expired.");
        var disks = new List<OriginShards>();
        foreach (var kept in record.Disks)
        {
            var disk = version.Disks.First(d => string.Equals(
                d.Name, kept.OriginName, StringComparison.Ordinal));
            disks.Add(OriginShards.Of(
                kept.Name, disk.SizeBytes,
                await VersionNodes.AtAsync(origin, version, disk, cancellation)));
        }
        var first = made.Head.Versions.FirstOrDefault(v => v.Operation == operation);
        return new OriginNote
        {
            Machine = made.Machine,
            Operation = operation,
            Layout = made.Head.Layout,
            Origin = record,
            Disks = disks,
            First = first is null ? null : first with
            {
                Disks = [.. first.Disks.Select(d => d with { Edges = TableReference.Empty })],
            },
        };
    }

    /// <summary>The clone, where this job has made it already.</summary>
    private async Task<CreatedClone?> FindAsync(
        CreateCloneInput input, CancellationToken cancellation)
    {
        if (await services.Manifests.FindAsync(input.Name, cancellation) is not { } found)
            return null;
        if (!PinOriginStep.IsOf(found.Head.Origin, input.Origin.Job))
            throw new RefusedException(
                "machine-exists", $"There is a machine '{input.Name}' already.");
        var first = input.Lists && found.Head.Versions is [var oldest, ..] ? oldest.Number : 0;
        return new CreatedClone(first, input.Origin.Fingerprint);
    }

    /// <summary>
    /// A late run of this step finds the pin gone, where the clone was deleted since: it must not
    /// come back without what it rests on.
    /// </summary>
    private static void RequirePin(Manifest origin, CreateCloneInput input)
    {
        var owner = input.Origin.PinOwner(input.Name);
        if (!(origin.Head.Pins ?? []).Any(p => p.Version == input.Origin.Version
            && string.Equals(p.Owner, owner, StringComparison.Ordinal)))
            throw new RefusedException(
                "not-pinned",
                $"Version {input.Origin.Version} of '{input.Origin.Machine}' is not kept for "
                + $"'{input.Name}' any more: clone it again.");
    }

    private async ValueTask FillAsync(
        ManifestEdit edit, Manifest origin, VersionRecord version, CreateCloneInput input,
        CancellationToken cancellation)
    {
        var (disks, records) = (new List<VersionDisk>(), new List<DiskRecord>());
        foreach (var disk in version.Disks)
        {
            if (input.Origin.Disks.FirstOrDefault(d => string.Equals(
                d.OriginName, disk.Name, StringComparison.Ordinal)) is not { } kept) continue;
            var nodes = await VersionNodes.AtAsync(origin, version, disk, cancellation);
            List<ShardEdge> edges = [.. nodes.Select(n => new ShardEdge(n.Shard, 0, 0, 0, n.Node))];
            records.Add(new DiskRecord(
                kept.Name, disk.SizeBytes, await edit.SaveTableAsync(nodes, cancellation)));
            if (input.Lists)
                disks.Add(disk with
                {
                    ChangedBytes = 0, Edges = await edit.SaveTableAsync(edges, cancellation),
                });
        }
        edit.SetDisks(records);
        edit.SetOrigin(input.Origin);
        var operation = edit.IssueOperation(number => new OperationRecord
        {
            Number = number, Kind = OperationKinds.Clone, Started = edit.Now, Job = input.Origin.Job,
        }).Number;
        edit.CloseOperation(operation);
        if (!input.Lists)
        {
            edit.SetForwardsFrom(edit.Head.NextVersion);
            return;
        }
        var first = edit.ReserveVersion();
        edit.AddVersion(version with
        {
            Number = first, Parent = null, Snapshot = null, Operation = operation, Disks = disks,
            Files = await CopyFilesAsync(
                origin, version, input.Name, first, operation, cancellation),
        });
        edit.SetForwardsFrom(first + 1);
    }

    /// <summary>Machine files are small and belong to the machine that lists them.</summary>
    private async Task<IReadOnlyList<VersionFile>?> CopyFilesAsync(
        Manifest origin, VersionRecord version, string clone, int first, long operation,
        CancellationToken cancellation)
    {
        if (version.Files is null) return null;
        var files = new List<VersionFile>();
        foreach (var file in version.Files)
        {
            var copy = file with { Version = first, Operation = operation, Index = files.Count };
            var bytes = await MachineFiles.ReadAsync(
                services.BaseStore, origin.Machine, file, cancellation);
            try
            {
                await services.BaseStore.PutAsync(
                    copy.ObjectName(clone), bytes,
                    new WriteOptions(
                        IfAbsent: true, Metadata: StoreFilesStep.Describe(clone, copy)),
                    cancellation);
            }
            catch (OvertakenException)
            {
                // An earlier run of this step has written the same bytes.
            }
            files.Add(copy);
        }
        return files;
    }
}
