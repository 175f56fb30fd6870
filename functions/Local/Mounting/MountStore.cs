using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Local.Hosting;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// The mounts of a store: makes and removes them with the pins of their versions. The record is
/// there before the pin and goes after it, so that each pin is found again.
/// </summary>
/// <param name="engine">The engine over the store.</param>
/// <param name="root">Where mounts lie; those of other stores may lie there too.</param>
internal sealed class MountStore(LocalEngine engine, string root)
{
    /// <summary>Where mounts lie unless said otherwise: in the store's folder, if it has one.</summary>
    public static string RootOf(OpenStore store, string? named) => Path.GetFullPath(
        named ?? Path.Combine(
            store.Folder ?? Path.Combine(
                Environment.GetFolderPath(
                    Environment.SpecialFolder.LocalApplicationData,
                    Environment.SpecialFolderOption.DoNotVerify),
                "snapshots"),
            "mounts"));

    /// <summary>Where mounts lie.</summary>
    public string Root => root;

    /// <summary>The mounts of this store.</summary>
    public IReadOnlyList<MountRecord> List() => [.. MountFolder.List(root).Where(IsOurs)];

    /// <summary>Makes a mount of a version and pins the version.</summary>
    public async Task<MountFolder> CreateAsync(
        string machine, VersionRecord version, IReadOnlyList<VersionDisk> disks, bool isWritable,
        CancellationToken cancellation)
    {
        var folder = MountFolder.Create(
            root,
            id => new MountRecord(
                id, engine.Store.Description, machine, version.Number, version.Operation,
                [.. disks.Select(d => new MountDisk(d.Name, d.SizeBytes))], isWritable,
                engine.Time.GetUtcNow()),
            engine.Time);
        try
        {
            await PinAsync(folder.Record, cancellation);
            return folder;
        }
        catch
        {
            folder.Remove();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Takes a mount of this store that is there; its version is pinned.</summary>
    /// <exception cref="NoSuchException">There is no such mount, or its version is gone.</exception>
    public async Task<MountFolder> OpenAsync(string id, CancellationToken cancellation)
    {
        var folder = MountFolder.Open(root, id, engine.Time);
        try
        {
            if (!IsOurs(folder.Record))
            {
                throw new RefusedException(
                    "mount-store",
                    $"Mount '{id}' is of another store ({folder.Record.Store}): name it with "
                    + "--store.");
            }
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Pins a mount's version, which must still be the one that it was.</summary>
    public Task PinAsync(MountRecord record, CancellationToken cancellation) =>
        MountPins.PinAsync(
            engine.Manifests, record.Machine, v => v.Operation == record.Operation,
            new PinRecord(
                record.Version, record.PinOwner,
                record.IsWritable ? "a writable mount" : "a mount", record.Time),
            $"'mount discard {record.Id}' drops what was written.", cancellation);

    /// <summary>Removes a mount for good: the pin, then all that was written.</summary>
    public async Task RemoveAsync(MountFolder folder, CancellationToken cancellation)
    {
        await MountPins.UnpinAsync(
            engine.Manifests, folder.Record.Machine, folder.Record.Version,
            folder.Record.PinOwner, cancellation);
        folder.Remove();
    }

    /// <summary>Removes what processes left that were killed while they served read-only mounts.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var count = 0;
        foreach (var record in List().Where(r => !r.IsWritable))
        {
            using var left = MountFolder.TryOpen($"{root}/{record.Id}", engine.Time);
            if (left is null) continue;
            await RemoveAsync(left, cancellation);
            count++;
        }
        return count;
    }

    /// <summary>Whether a process serves a mount.</summary>
    public bool IsServed(MountRecord record)
    {
        using var folder = MountFolder.TryOpen($"{root}/{record.Id}", engine.Time);
        return folder is null;
    }

    private bool IsOurs(MountRecord record) =>
        string.Equals(record.Store, engine.Store.Description, StringComparison.Ordinal);
}
