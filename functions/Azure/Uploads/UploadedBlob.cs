namespace SnapshotFunctions.AzureStore.Uploads;

/// <summary>A blob of an upload. A blob is there when all of it is.</summary>
/// <param name="Name">Its name below the snapshot's.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Modified">When it was last written.</param>
/// <param name="ETag">Its state.</param>
public sealed record UploadedBlob(
    string Name, long LengthBytes, DateTimeOffset Modified, string ETag);
