using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Http.Machines;

/// <summary>A machine file of a version.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of its bytes.</param>
/// <param name="Link">The file itself.</param>
public sealed record VersionFileDocument(string Name, long SizeBytes, string Sha256, string Link)
{
    /// <summary>The document of a machine file.</summary>
    public static VersionFileDocument Of(string machine, int version, VersionFile file) => new(
        file.Name, file.LengthBytes, file.Hash.ToString(),
        Links.File(machine, version, file.Name));
}
