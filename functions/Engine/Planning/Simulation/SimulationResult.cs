using SnapshotFunctions.Engine.Planning.Retention;

namespace SnapshotFunctions.Engine.Planning.Simulation;

/// <summary>What a policy would come to.</summary>
/// <param name="Versions">The versions that are kept at the end, ascending.</param>
/// <param name="End">When it ends.</param>
/// <param name="Months">Each month that was simulated, as it ends.</param>
/// <param name="Snapshots">How many snapshots came.</param>
/// <param name="MostVersions">The most versions that were kept at the end of a day.</param>
public sealed record SimulationResult(
    IReadOnlyList<RetainedVersion> Versions, DateTimeOffset End,
    IReadOnlyList<SimulatedMonth> Months, int Snapshots, int MostVersions);
