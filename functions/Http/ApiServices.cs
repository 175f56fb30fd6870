using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Plans;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Http.Disks;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Http;

/// <summary>What the handlers work with; a host puts it together.</summary>
/// <param name="Engine">The engine's parts: manifests, views, placements, the clock.</param>
/// <param name="Jobs">Runs flows.</param>
/// <param name="Uploads">Gathers uploads.</param>
/// <param name="TargetOf">
/// Makes of a checked name of a restored file the text that the host's restore targets know.
/// </param>
/// <param name="Options">Limits.</param>
/// <param name="Logger">Where the handlers log.</param>
public sealed record ApiServices(
    StepServices Engine, IJobs Jobs, IUploads Uploads, Func<string, string> TargetOf,
    ApiOptions Options, ILogger Logger)
{
    /// <summary>
    /// A projection that lists machines; null where there is none: then each manifest is read.
    /// </summary>
    public IMachineCatalog? Machines { get; init; }

    /// <summary>The price table that plans, jobs and reports are priced with.</summary>
    public PriceTable Prices { get; init; } = PriceTables.BuiltIn;

    /// <summary>Plans flows over the engine.</summary>
    public Planner Planner => new(PlannerParts.Of(Engine, Prices));

    /// <summary>What all readers of disks share.</summary>
    public ReadBudget Reads { get; } = new(Options.ReadBudgetBytes);
}
