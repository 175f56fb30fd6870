namespace SnapshotFunctions.Http.Ports;

/// <summary>Where bytes that come in belong.</summary>
/// <param name="Offset">The first byte's place in the file.</param>
/// <param name="LengthBytes">
/// How many bytes; null for as many as come: then their end is the file's end.
/// </param>
/// <param name="TotalBytes">The file's whole length; null while it is not known.</param>
public sealed record UploadPiece(long Offset, long? LengthBytes, long? TotalBytes);
