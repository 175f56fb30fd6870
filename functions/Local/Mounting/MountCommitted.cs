using SnapshotFunctions.Engine.Flows.Ingestion;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>What committing a mount came to.</summary>
/// <param name="Result">The new version.</param>
/// <param name="Job">The job that made it.</param>
internal sealed record MountCommitted(IngestResult Result, string Job);
