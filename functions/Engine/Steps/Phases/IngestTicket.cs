using SnapshotFunctions.Engine.Format;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>An ingest that was opened: what its shards' steps need.</summary>
/// <param name="Operation">Its number.</param>
/// <param name="Version">The version that it makes.</param>
/// <param name="Newest">The version that deltas are stored against; 0 for a first version.</param>
/// <param name="Parent">The version that incrementals are laid on; 0 when all are full.</param>
/// <param name="Card">What is known of the version.</param>
/// <param name="Disks">The disks.</param>
public sealed record IngestTicket(
    long Operation, int Version, int Newest, int Parent, VersionCard Card,
    IReadOnlyList<TicketDisk> Disks);
