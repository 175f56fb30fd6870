using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Plans;

/// <summary>What plans are made with: as the host's own engine is put together.</summary>
/// <param name="Base">Where bases and manifests lie.</param>
/// <param name="Delta">Where deltas lie.</param>
/// <param name="Sources">Opens images.</param>
/// <param name="Options">How the host cuts its work; plans cut theirs alike.</param>
/// <param name="Manifests">How it cuts manifests.</param>
/// <param name="Prices">The price table.</param>
/// <param name="Time">The clock.</param>
/// <param name="IsOwnerGone">Whether the process of a claim has ended, as far as known.</param>
public sealed record PlannerParts(
    IObjectStore Base, IObjectStore Delta, ISourceOpener Sources, EngineOptions Options,
    ManifestOptions Manifests, PriceTable Prices, TimeProvider Time,
    Func<string, bool>? IsOwnerGone = null)
{
    /// <summary>The parts of an engine that is there.</summary>
    public static PlannerParts Of(StepServices engine, PriceTable prices)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return new PlannerParts(
            engine.BaseStore, engine.DeltaStore, engine.Sources, engine.Options,
            engine.Manifests.Options, prices, engine.Time, engine.Manifests.IsOwnerGone);
    }
}
