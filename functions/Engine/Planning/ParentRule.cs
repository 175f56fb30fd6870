using System.Globalization;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Planning;

/// <summary>
/// Decides which version an incremental image is laid on: the one named, else the newest; and
/// refuses one that cannot be right. Where the image and the version both carry identifiers, these
/// decide. A file name inside an image proves nothing, but when it is the name that another version
/// came from, the newest is not what the image was taken against.
/// </summary>
public static class ParentRule
{
    /// <summary>The parent's number.</summary>
    /// <param name="manifest">The machine.</param>
    /// <param name="named">The version that the user named, if any.</param>
    /// <param name="disk">The disk's name.</param>
    /// <param name="claim">What the image says of its parent.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">There is no such parent, or it cannot be right.</exception>
    public static async Task<int> ChooseAsync(
        Manifest manifest, int? named, string disk, ParentClaim claim,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(claim);
        var newest = await manifest.NewestReadyAsync(cancellation);
        if (newest == 0)
            throw new RefusedException(
                "parent-missing",
                $"{claim.Image} is an incremental image (its parent is "
                + $"'{claim.Hint ?? string.Join(" or ", claim.Ids)}'), but "
                + $"'{manifest.Machine}' has no version yet: ingest the full image first.");
        named ??= NumberOf(claim) ?? ByFingerprint(manifest, disk, claim);
        var parent = await manifest.FindVersionAsync(named ?? newest, cancellation);
        if (parent is null || parent.State != VersionState.Ready)
            throw new RefusedException(
                "parent-missing",
                $"Version {named} of '{manifest.Machine}' is not there to lay {claim.Image} on; "
                + $"the newest is {newest}.");
        var parentDisk = Find(parent, disk) ?? throw new RefusedException(
            "parent-missing",
            $"Version {parent.Number} of '{manifest.Machine}' has no disk '{disk}' to lay "
            + $"{claim.Image} on: ingest a full image of a new disk first.");
        if (IsNamedBy(claim, parent, parentDisk)) return parent.Number;
        if (claim.Ids.Count > 0 && (parentDisk.ImageId is not null || IsOfVersions(claim)))
            throw OtherIdentifier(manifest, parent, disk, claim);
        if (named is null) RefuseOther(manifest, parent, disk, claim);
        return parent.Number;
    }

    /// <summary>
    /// Whether a version's disk bears an identifier that the image names: that of the image it came
    /// from, or that of the image it is restored to, or the version's own number or fingerprint.
    /// </summary>
    private static bool IsNamedBy(ParentClaim claim, VersionRecord version, VersionDisk disk) =>
        claim.Ids.Any(id => string.Equals(id, disk.ImageId, StringComparison.OrdinalIgnoreCase)
            || ExportIds.IsOf(id, disk.Node, disk.SizeBytes)
            || Is(id, ImageIdentity.OfVersion(
                version.Number.ToString(CultureInfo.InvariantCulture)))
            || Is(id, ImageIdentity.OfFingerprint(disk.Node.ToString()))
            || Is(id, ImageIdentity.OfFingerprint(version.Fingerprint.ToString())));

    private static bool Is(string id, string own) =>
        string.Equals(id, own, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it names versions rather than images, so that any version can tell.</summary>
    private static bool IsOfVersions(ParentClaim claim) => claim.Ids.Any(
        id => id.StartsWith(ImageIdentity.VersionWord, StringComparison.Ordinal)
            || id.StartsWith(ImageIdentity.FingerprintWord, StringComparison.Ordinal));

    /// <summary>The version that it names by number.</summary>
    private static int? NumberOf(ParentClaim claim) =>
        claim.Ids is [var id] && id.StartsWith(ImageIdentity.VersionWord, StringComparison.Ordinal)
        && int.TryParse(
            id.AsSpan(ImageIdentity.VersionWord.Length), NumberStyles.None,
            CultureInfo.InvariantCulture, out var number)
                ? number : null;

    /// <summary>The newest version that it names by fingerprint: what is equal to it will do.</summary>
    private static int? ByFingerprint(Manifest manifest, string disk, ParentClaim claim) =>
        claim.Ids is [var id]
        && id.StartsWith(ImageIdentity.FingerprintWord, StringComparison.Ordinal)
            ? manifest.Head.Versions.LastOrDefault(
                v => v.State == VersionState.Ready && Find(v, disk) is { } d
                    && IsNamedBy(claim, v, d))?.Number
            : null;

    private static RefusedException OtherIdentifier(
        Manifest manifest, VersionRecord parent, string disk, ParentClaim claim)
    {
        var right = manifest.Head.Versions
            .Where(v => v.State == VersionState.Ready && Find(v, disk) is { } d
                && IsNamedBy(claim, v, d))
            .Select(v => v.Number)
            .ToList();
        var advice = right.Count == 0
            ? "ingest that image first, or a full one."
            : $"that is version {string.Join(", ", right)}: name it with --parent.";
        return new RefusedException(
            "parent-differs",
            IsOfVersions(claim)
                ? $"{claim.Image} was taken against {claim.Ids[0]}, but version {parent.Number} of "
                    + $"'{manifest.Machine}' has the fingerprint {Find(parent, disk)!.Node} on disk "
                    + $"'{disk}': {advice}"
                : $"{claim.Image} was taken against the image {string.Join(" or ", claim.Ids)}, but "
                    + $"version {parent.Number} of '{manifest.Machine}' came from "
                    + $"{Find(parent, disk)!.ImageId}: {advice}");
    }

    private static void RefuseOther(
        Manifest manifest, VersionRecord parent, string disk, ParentClaim claim)
    {
        var wanted = FileName(claim.Hint);
        if (wanted.Length == 0 || IsFrom(parent, disk, wanted)) return;
        var others = manifest.Head.Versions
            .Where(v => v.State == VersionState.Ready && IsFrom(v, disk, wanted))
            .Select(v => v.Number)
            .ToList();
        if (others.Count == 0) return;
        throw new RefusedException(
            "parent-differs",
            $"{claim.Image} was taken against '{wanted}', which is version {string.Join(", ", others)} "
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
