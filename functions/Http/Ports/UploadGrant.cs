namespace SnapshotFunctions.Http.Ports;

/// <summary>Leave to upload one file straight to the store.</summary>
/// <param name="Url">Where to; holds the leave, so it is told to the client alone, never logged.</param>
/// <param name="Method">The HTTP method to use.</param>
/// <param name="Headers">Headers to send with it.</param>
/// <param name="Expires">When the leave ends.</param>
public sealed record UploadGrant(
    Uri Url, string Method, IReadOnlyDictionary<string, string> Headers, DateTimeOffset Expires);
