namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An ingest whose shards are done.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Ticket">What was opened.</param>
/// <param name="Chunks">What the shards came to.</param>
public sealed record CloseIngestInput(
    string Machine, long Epoch, IngestTicket Ticket, IReadOnlyList<ChunkRecord> Chunks);
