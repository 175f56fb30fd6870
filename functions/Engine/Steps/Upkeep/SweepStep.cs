using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Upkeep;

/// <summary>
/// <c>Sweep</c>: deletes what was retired and whose grace has passed. Machines that change are swept
/// as they do; this serves those that rest.
/// </summary>
public sealed class SweepStep(StepServices services) : Step<UpkeepInput, int>(UpkeepSteps.Sweep)
{
    /// <inheritdoc/>
    public override Task<int> RunAsync(UpkeepInput input, CancellationToken cancellation) =>
        services.Manifests.SweepAsync(
            input.Machine, services.Time.GetUtcNow(), cancellation);
}
