using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Http.Machines;

namespace SnapshotFunctions.Http.Mounts;

/// <summary>A writable mount of a version.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version, which never changes.</param>
/// <param name="State">How it stands.</param>
/// <param name="Created">When it was opened.</param>
/// <param name="Disks">Its disks.</param>
/// <param name="Job">The job that commits it; absent while none does.</param>
/// <param name="To">The clone that it is committed to.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record MountDocument(
    string Id, string Machine, int Version, MountState State, DateTimeOffset Created,
    IReadOnlyList<MountedDiskDocument> Disks, string? Job, string? To, MountLinks Links)
{
    /// <summary>The document of a record.</summary>
    public static MountDocument Of(MountRecord mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        var self = Machines.Links.Mount(mount.Machine, mount.Version, mount.Id);
        return new MountDocument(
            mount.Id, mount.Machine, mount.Version, mount.State, mount.Created,
            [.. mount.Disks.Select(d => new MountedDiskDocument(
                d.Name, d.SizeBytes, $"{self}/disks/{d.Name}"))],
            mount.Job, mount.Job is null ? null : mount.CloneName,
            new MountLinks(
                self, Machines.Links.Version(mount.Machine, mount.Version), $"{self}/commit"));
    }
}
