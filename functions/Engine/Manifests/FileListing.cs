using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// Tells whether the object of a machine file is listed: by a version, or by an operation under
/// way. Versions that refer to one object follow each other in the list, from the one that wrote
/// it or, where that has gone, the next: so the first version from that number on decides.
/// </summary>
internal static class FileListing
{
    /// <summary>Whether any of these files lies in that object.</summary>
    public static bool Holds(IReadOnlyList<VersionFile>? files, VersionFile file) =>
        files?.Any(f => IsSame(f, file)) ?? false;

    /// <summary>Whether the manifest lists that object.</summary>
    public static async Task<bool> ListsAsync(
        Manifest manifest, VersionFile file, CancellationToken cancellation)
    {
        if (manifest.Head.Operations.Any(o => Holds(o.Files, file))) return true;
        var versions = manifest.VersionsAsync(file.Version, cancellation: cancellation);
        await foreach (var first in versions) return Holds(first.Files, file);
        return false;
    }

    /// <summary>What an object's name tells of the file in it; null for other names.</summary>
    public static VersionFile? OfName(string name) =>
        ObjectNames.TryParseMachineFile(name, out var version, out var operation, out var index)
            ? new VersionFile(string.Empty, 0, Hash256.Zero, version, operation, index)
            : null;

    private static bool IsSame(VersionFile one, VersionFile other) =>
        one.Operation == other.Operation && one.Index == other.Index
        && one.Version == other.Version;
}
