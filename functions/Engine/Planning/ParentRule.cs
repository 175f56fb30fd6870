using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Planning;

/// <summary>
/// Decides which version an incremental image is laid on: the one named, else the newest; and
/// refuses one that cannot be right. A file name inside an image proves nothing, but when it is
/// the name that another version came from, the newest is not what the image was taken against.
/// </summary>
public static class ParentRule
{
    /// <summary>The parent's number.</summary>
    /// <param name="manifest">The machine.</param>
    /// <param name="named">The version that the user named, if any.</param>
    /// <param name="disk">The disk's name.</param>
    /// <param name="image">The image's file name, for messages.</param>
    /// <param name="hint">What the image says of its parent.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">There is no such parent, or it cannot be right.</exception>
    public static async Task<int> ChooseAsync(
        Manifest manifest, int? named, string disk, string image, string? hint,
        CancellationToken cancellation)
    {
        var newest = manifest.NewestNumber;
        if (newest == 0)
            throw new RefusedException(
                "parent-missing",
                $"{image} is an incremental image (its parent is '{hint}'), but "
                + $"'{manifest.Machine}' has no version yet: ingest the full image first.");
        var parent = await manifest.FindVersionAsync(named ?? newest, cancellation);
        if (parent is null || parent.State != VersionState.Ready)
            throw new RefusedException(
                "parent-missing",
                $"Version {named} of '{manifest.Machine}' is not there to lay {image} on; the "
                + $"newest is {newest}.");
        if (Find(parent, disk) is null)
            throw new RefusedException(
                "parent-missing",
                $"Version {parent.Number} of '{manifest.Machine}' has no disk '{disk}' to lay "
                + $"{image} on: ingest a full image of a new disk first.");
        if (named is null) RefuseOther(manifest, parent, disk, image, hint);
        return parent.Number;
    }

    private static void RefuseOther(
        Manifest manifest, VersionRecord parent, string disk, string image, string? hint)
    {
        var wanted = FileName(hint);
        if (wanted.Length == 0 || IsFrom(parent, disk, wanted)) return;
        var others = manifest.Head.Versions
            .Where(v => v.State == VersionState.Ready && IsFrom(v, disk, wanted))
            .Select(v => v.Number)
            .ToList();
        if (others.Count == 0) return;
        throw new RefusedException(
            "parent-differs",
            $"{image} was taken against '{wanted}', which is version {string.Join(", ", others)} "
            + $"of '{manifest.Machine}', not the newest ({parent.Number}): name the version with "
            + "--parent.");
    }

    private static VersionDisk? Find(VersionRecord version, string disk) =>
        version.Disks.FirstOrDefault(d => string.Equals(d.Name, disk, StringComparison.Ordinal));

    private static bool IsFrom(VersionRecord version, string disk, string file) =>
        string.Equals(FileName(Find(version, disk)?.Source), file, StringComparison.Ordinal);

    private static string FileName(string? path)
    {
        if (string.IsNullOrEmpty(path)) return string.Empty;
        var slash = path.LastIndexOfAny(['/', '\\']);
        return path[(slash + 1)..];
    }
}
