using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Outcomes;

/// <summary>
/// A flow that tells of what it came to. A host that publishes outcomes registers its flows through
/// <see cref="Wrap"/>; another one registers them as they are.
/// </summary>
public sealed class AnnouncingFlow : Flow
{
    private readonly Flow _inner;

    private AnnouncingFlow(Flow inner) => _inner = inner;

    /// <inheritdoc/>
    public override string Name => _inner.Name;

    /// <summary>These flows, those with outcomes telling of them.</summary>
    public static IReadOnlyList<Flow> Wrap(IEnumerable<Flow> flows) =>
        [.. flows.Select(f => FlowOutcomes.Has(f.Name) ? new AnnouncingFlow(f) : f)];

    /// <inheritdoc/>
    public override async Task<string> RunJsonAsync(IFlowContext context, string input)
    {
        var output = await _inner.RunJsonAsync(context, input);
        var events = FlowOutcomes.Of(Name, context.InstanceId, context.UtcNow, output);
        if (events.Count == 0) return output;
        try
        {
            await context.RunStepAsync(AnnounceStep.Definition, new AnnounceInput(events));
        }
        catch (StepFailedException)
        {
            // What was done is done, and the catalog tells of it; the step's failure is in the log.
        }
        return output;
    }
}
