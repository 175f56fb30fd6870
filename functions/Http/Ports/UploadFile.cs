namespace SnapshotFunctions.Http.Ports;

/// <summary>One file of an upload; all its names have been checked.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The disk's name, or the machine file's.</param>
/// <param name="Format">
/// A disk image's format, one of <see cref="Uploads.UploadRules.Formats"/>; null for a machine
/// file, and where the one told before is meant.
/// </param>
public sealed record UploadFile(
    string Machine, string Snapshot, UploadKind Kind, string Name, string? Format = null);
