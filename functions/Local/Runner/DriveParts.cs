using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Runner;

/// <summary>What all drives of one runner share.</summary>
internal sealed record DriveParts(
    JobStore Store, JobCatalog Catalog, IReadOnlyDictionary<string, Flow> Flows,
    IReadOnlyDictionary<string, Step> Steps, StepSlots Slots, LocalRunnerOptions Options,
    TimeProvider Time, ILogger Logger);
