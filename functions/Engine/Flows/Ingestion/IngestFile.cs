namespace SnapshotFunctions.Engine.Flows.Ingestion;

/// <summary>
/// A machine file that belongs to a snapshot (configuration, NVRAM, vTPM state): kept and given
/// back byte for byte, never looked into.
/// </summary>
/// <param name="Source">The upload, as the host's source opener understands it.</param>
/// <param name="Name">
/// What the version calls it; see <see cref="Model.ObjectNames.CheckFileName"/>. No two of a
/// snapshot are equal.
/// </param>
public sealed record IngestFile(string Source, string Name);
