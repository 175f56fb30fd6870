using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Flows.Ingestion;

/// <summary>What an ingest came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The new version's number.</param>
/// <param name="Parent">The version incremental images were laid on; null when all were full.</param>
/// <param name="Against">The version the deltas were stored against; 0 for a first version.</param>
/// <param name="Fingerprint">The new version's fingerprint.</param>
/// <param name="ChangedBytes">Bytes in changed sectors, of all disks.</param>
/// <param name="StoredBytes">Bytes stored for them.</param>
/// <param name="Base">The version the base stands at now.</param>
/// <param name="Moves">How many operations moved it there; 0: it stood there.</param>
/// <param name="Like">What a new machine was found to be like; null where that was not asked.</param>
public sealed record IngestResult(
    string Machine, int Version, int? Parent, int Against, Hash256 Fingerprint, long ChangedBytes,
    long StoredBytes, int Base, int Moves = 0, LikeResult? Like = null);
