namespace SnapshotFunctions.Engine.Flows.Ingestion;

/// <summary>One image of a snapshot.</summary>
/// <param name="Source">The upload, as the host's source opener understands it.</param>
/// <param name="Name">
/// The disk's name; null: the machine's disk at the same place, or <c>disk0</c>, <c>disk1</c> ...
/// </param>
/// <param name="Format">What the image must be; null goes by its content.</param>
public sealed record IngestDisk(string Source, string? Name = null, string? Format = null);
