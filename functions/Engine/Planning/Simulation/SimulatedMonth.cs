using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Simulation;

/// <summary>A month as it ends (the last one as the simulation ends).</summary>
/// <param name="Start">When it begins.</param>
/// <param name="Taken">Snapshots that came in it.</param>
/// <param name="Expired">Versions that went in it.</param>
/// <param name="Kept">Versions that are kept at its end.</param>
/// <param name="Bytes">Bytes that are stored then, by tier.</param>
/// <param name="Price">What keeping them costs a month.</param>
public sealed record SimulatedMonth(
    DateTimeOffset Start, int Taken, int Expired, int Kept,
    IReadOnlyDictionary<StorageTier, long> Bytes, decimal Price);
