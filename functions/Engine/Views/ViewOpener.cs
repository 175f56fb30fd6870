using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>Opens disks of versions.</summary>
public sealed class ViewOpener(
    ManifestStore manifests, ShardResolver resolver, TimeProvider time, ViewOptions? options = null)
{
    private const int MostAttempts = 6;

    /// <summary>Opens one disk of a version.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="version">The version's number; null for the newest that can be restored.</param>
    /// <param name="disk">The disk's name; null where there is only one.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="NoSuchException">There is no such machine, version or disk.</exception>
    public async Task<DiskView> OpenAsync(
        string machine, int? version, string? disk, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var manifest = await manifests.LoadAsync(machine, cancellation);
                var record = await FindAsync(manifest, version, cancellation);
                return Open(manifest, record, Find(record, machine, disk));
            }
            catch (ObjectNotFoundException) when (attempt < MostAttempts)
            {
                // Between head and page the grace period went by: that page was swept, and the
                // head that stands now names another one.
            }
        }
    }

    /// <summary>Opens a disk of a version that was found already.</summary>
    public DiskView Open(Manifest manifest, VersionRecord version, VersionDisk disk) => new(
        manifest, version, disk, resolver,
        cancellation => manifests.LoadAsync(manifest.Machine, cancellation),
        time, options ?? new ViewOptions());

    /// <summary>Finds a version that can be restored.</summary>
    /// <exception cref="NoSuchException">There is none.</exception>
    public static async Task<VersionRecord> FindAsync(
        Manifest manifest, int? version, CancellationToken cancellation)
    {
        var newest = manifest.NewestNumber;
        if (newest == 0)
            throw new NoSuchException(
                $"version of '{manifest.Machine}' yet", "Ingest a full image first.");
        var found = await manifest.FindVersionAsync(version ?? newest, cancellation);
        return found is { State: VersionState.Ready }
            ? found
            : throw new NoSuchException(
                $"version {version} of '{manifest.Machine}'",
                $"The newest is {newest}; 'list {manifest.Machine}' shows all.");
    }

    private static VersionDisk Find(VersionRecord version, string machine, string? disk)
    {
        var names = string.Join(", ", version.Disks.Select(d => d.Name));
        if (disk is null)
        {
            return version.Disks.Count == 1
                ? version.Disks[0]
                : throw new RefusedException(
                    "which-disk",
                    $"Version {version.Number} of '{machine}' has {version.Disks.Count} disks "
                    + $"({names}): name one with --disk.");
        }
        return version.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal))
            ?? throw new NoSuchException(
                $"disk '{disk}' in version {version.Number} of '{machine}'", $"It has {names}.");
    }
}
