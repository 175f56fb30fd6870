namespace SnapshotFunctions.Engine.Intake;

/// <summary>One file of an upload.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">What the host's source opener knows it by.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Modified">When it was last written.</param>
/// <param name="IsLink">Whether it is a link, or something else that is no plain file.</param>
/// <param name="Identity">The state seen (an ETag); null where the host has none.</param>
public sealed record UploadedFile(
    string Name, string Source, long LengthBytes, DateTimeOffset Modified, bool IsLink = false,
    string? Identity = null);
