namespace SnapshotFunctions.Engine.Outcomes;

/// <summary>Tells others of outcomes. One outcome may be told more than once, under one id.</summary>
public interface IOutcomes
{
    /// <summary>Publishes an event; ends once it will not get lost.</summary>
    Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellation = default);
}
