using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps.Upkeep;

namespace SnapshotFunctions.Engine.Flows.Upkeep;

/// <summary>One part of upkeep that a sub-flow does.</summary>
/// <param name="Part">Its word.</param>
/// <param name="IsDue">Whether it is due.</param>
/// <param name="RunAsync">Runs it and answers what it came to, in words.</param>
public sealed record UpkeepTask(
    string Part, Func<UpkeepDue, bool> IsDue,
    Func<IFlowContext, string, Task<string>> RunAsync);
