using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Http.Disks;

/// <summary>A disk of a version that stands, opened.</summary>
/// <param name="Version">The version.</param>
/// <param name="View">Its disk; shared by all requests.</param>
internal sealed record OpenDisk(VersionRecord Version, DiskView View)
{
    /// <summary>The disk's size.</summary>
    public long SizeBytes => View.SizeBytes;

    /// <summary>
    /// The tag of its bytes: the disk's node of the fingerprint, which zeros at the end leave as it
    /// is, and the size beside it.
    /// </summary>
    public EntityTag Tag => new($"{View.Disk.Node}-{View.SizeBytes}", IsWeak: false);

    /// <summary>The path of the disk at this very version.</summary>
    public string Path =>
        $"/api/machines/{View.Machine}/versions/{Version.Number}/disks/{View.Disk.Name}";

    /// <summary>The version's disk of a name.</summary>
    /// <exception cref="NoSuchException">It has none.</exception>
    public static VersionDisk Find(VersionRecord version, string machine, string disk) =>
        version.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal))
        ?? throw new NoSuchException(
            $"disk '{disk}' in version {version.Number} of '{machine}'",
            $"It has {string.Join(", ", version.Disks.Select(d => d.Name))}.");
}
