using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Outcomes;

/// <summary><c>Announce</c>: publishes what a flow has come to.</summary>
public sealed class AnnounceStep(IOutcomes outcomes) : Step<AnnounceInput, bool>(Definition)
{
    /// <summary>The step by name.</summary>
    public static StepName<AnnounceInput, bool> Definition { get; } = new(
        "Announce", OutcomeJson.Default.AnnounceInput, OutcomeJson.Default.Boolean);

    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        AnnounceInput input, CancellationToken cancellation)
    {
        foreach (var outcome in input.Events)
            await outcomes.PublishAsync(outcome, cancellation);
        return true;
    }
}
