namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>One disk of an ingest.</summary>
/// <param name="Name">The disk's name.</param>
/// <param name="Source">The upload.</param>
/// <param name="Identity">The state of it that was seen.</param>
/// <param name="FileName">The upload's file name.</param>
/// <param name="Format">What the image is.</param>
/// <param name="SizeBytes">The disk's size in the upload.</param>
/// <param name="NewestBytes">Its size at the newest version; 0 when it had none.</param>
/// <param name="Parent">The version the image is laid on; 0 when it is full.</param>
/// <param name="ParentHint">What the image says of its parent.</param>
/// <param name="Shards">The shards that may differ, as ranges.</param>
/// <param name="ImageId">The image's own identifier.</param>
public sealed record TicketDisk(
    string Name, string Source, string Identity, string FileName, string Format, long SizeBytes,
    long NewestBytes, int Parent, string? ParentHint, string Shards,
    string? ImageId = null);
