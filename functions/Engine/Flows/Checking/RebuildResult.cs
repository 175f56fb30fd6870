using SnapshotFunctions.Engine.Check.Rebuilding;

namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary>What a rebuild came to.</summary>
/// <param name="Count">How many machines were looked at.</param>
/// <param name="Rebuilt">How many of them got a new head.</param>
/// <param name="Failed">How many could not be rebuilt; each is told with its reason.</param>
/// <param name="Machines">
/// The machines that were not sound; as many as a result has room for, with their notes.
/// </param>
public sealed record RebuildResult(
    int Count, int Rebuilt, int Failed, IReadOnlyList<RebuiltMachine> Machines);
