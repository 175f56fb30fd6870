namespace SnapshotFunctions.Http.Ports;

/// <summary>What binds the files of an upload to a snapshot.</summary>
/// <param name="Disks">The disks that belong to it, all of them.</param>
/// <param name="Parent">The version that incremental images are laid on; null: the newest.</param>
/// <param name="Label">What the user calls the version; at most 200 characters.</param>
/// <param name="Files">The machine files that belong to it; null: all that were uploaded.</param>
public sealed record UploadClosing(
    IReadOnlyList<string> Disks, int? Parent = null, string? Label = null,
    IReadOnlyList<string>? Files = null);
