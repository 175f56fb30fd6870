using SnapshotFunctions.Engine.Outcomes;

namespace SnapshotFunctions.AppTests.Rigging;

/// <summary>Outcomes in a list.</summary>
public sealed class ListedOutcomes : IOutcomes
{
    public List<OutcomeEvent> Events { get; } = [];

    public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellation = default)
    {
        Events.Add(outcome);
        return Task.CompletedTask;
    }
}
