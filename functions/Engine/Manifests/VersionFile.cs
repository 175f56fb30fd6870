using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// One machine file of a version. An unchanged file refers to the object of the version below, so
/// the versions that refer to one object follow each other in the list, from the one that wrote it.
/// </summary>
/// <param name="Name">The file's name.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Hash">The SHA-256 of its bytes.</param>
/// <param name="Version">The version whose ingest wrote the object.</param>
/// <param name="Operation">That ingest.</param>
/// <param name="Index">The object's number among those of the ingest.</param>
public sealed record VersionFile(
    string Name, long LengthBytes, Hash256 Hash, int Version, long Operation, int Index)
{
    /// <summary>The longest file.</summary>
    public const int MostBytes = 16 << 20;

    /// <summary>The most files of a version.</summary>
    public const int MostFiles = 64;

    /// <summary>The name of the object that holds its bytes.</summary>
    public string ObjectName(string machine) =>
        ObjectNames.MachineFile(machine, Version, Operation, Index);
}
