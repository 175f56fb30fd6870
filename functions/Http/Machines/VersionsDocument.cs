namespace SnapshotFunctions.Http.Machines;

/// <summary>Some versions of a machine.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Base">The version that the base image stands at; absent for none.</param>
/// <param name="Versions">The versions.</param>
/// <param name="Next">The link to the next page; absent at the end.</param>
public sealed record VersionsDocument(
    string Machine, int? Base, IReadOnlyList<VersionDocument> Versions, string? Next);
