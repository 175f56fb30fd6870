using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Http.Machines;

/// <summary>A disk of a version.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="SizeBytes">The same, named as everywhere else.</param>
/// <param name="ChangedBytes">Bytes in the sectors that the version changed in it.</param>
/// <param name="Format">The format of the image it came from.</param>
/// <param name="Source">The file name it came from.</param>
/// <param name="Node">The disk's node of the fingerprint.</param>
/// <param name="Link">The disk itself: GET reads its bytes, also by ranges.</param>
/// <param name="Changes">The ranges that differ from another version: add <c>?since=V</c>.</param>
public sealed record VersionDiskDocument(
    string Name, long Size, long SizeBytes, long ChangedBytes, string Format, string? Source,
    string Node, string Link, string Changes)
{
    /// <summary>The document of a disk.</summary>
    public static VersionDiskDocument Of(string machine, int version, VersionDisk disk)
    {
        var link = Links.Disk(machine, version, disk.Name);
        return new VersionDiskDocument(
            disk.Name, disk.SizeBytes, disk.SizeBytes, disk.ChangedBytes, disk.Format, disk.Source,
            disk.Node.ToString(), link, $"{link}/changes");
    }
}
