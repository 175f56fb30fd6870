namespace SnapshotFunctions.App.Intake;

/// <summary>There is no Service Bus.</summary>
public sealed class NoArrivalQueue : IArrivalQueue
{
    /// <inheritdoc/>
    public bool IsThere => false;

    /// <inheritdoc/>
    public Task SendAsync(ArrivalMessage message, CancellationToken cancellation) =>
        throw new NotSupportedException("There is no queue; jobs are started directly.");
}
