using SnapshotFunctions.Local.Nbd;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// The disks of a mount by name: the disk's own, <c>machine/version/disk</c>, or nothing where
/// there is but one.
/// </summary>
internal sealed class MountExports(
    string machine, int version, IReadOnlyList<(string Disk, INbdExport Export)> disks)
    : INbdExports
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Names { get; } = [.. disks.Select(d => d.Disk)];

    /// <inheritdoc/>
    public ValueTask<INbdExport?> FindAsync(string name, CancellationToken cancellation)
    {
        if (name.Length == 0)
            return ValueTask.FromResult(disks.Count == 1 ? disks[0].Export : null);
        foreach (var (disk, export) in disks)
        {
            if (string.Equals(name, disk, StringComparison.Ordinal)
                || string.Equals(name, $"{machine}/{version}/{disk}", StringComparison.Ordinal))
                return ValueTask.FromResult<INbdExport?>(export);
        }
        return ValueTask.FromResult<INbdExport?>(null);
    }
}
