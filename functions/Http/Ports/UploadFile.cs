namespace SnapshotFunctions.Http.Ports;

/// <summary>One file of an upload.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Name">The disk's name, or the machine file's.</param>
/// <param name="Format">A disk image's format, such as <c>raw</c>; null for a machine file.</param>
public sealed record UploadFile(string Machine, string Snapshot, string Name, string? Format);
