using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Upkeep;

/// <summary><c>PlanUpkeep</c>: tells what is due for a machine.</summary>
public sealed class PlanUpkeepStep(StepServices services)
    : Step<UpkeepInput, UpkeepDue>(UpkeepSteps.Plan)
{
    /// <inheritdoc/>
    public override async Task<UpkeepDue> RunAsync(
        UpkeepInput input, CancellationToken cancellation) =>
        UpkeepDue.Of(
            (await services.Manifests.LoadAsync(input.Machine, cancellation)).Head,
            services.Time.GetUtcNow());
}
