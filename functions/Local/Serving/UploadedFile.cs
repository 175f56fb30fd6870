namespace SnapshotFunctions.Local.Serving;

/// <summary>One file of an upload.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Modified">When it was last written.</param>
/// <param name="IsLink">Whether it is a link, or something else that is no plain file.</param>
internal sealed record UploadedFile(
    string Name, long LengthBytes, DateTimeOffset Modified, bool IsLink);
