namespace SnapshotFunctions.App.Intake;

/// <summary>Keeps what has arrived until it is taken, in order for each machine.</summary>
public interface IArrivalQueue
{
    /// <summary>Whether there is such a queue; without one, jobs are started directly.</summary>
    bool IsThere { get; }

    /// <summary>Puts a message in; the same message twice is one.</summary>
    Task SendAsync(ArrivalMessage message, CancellationToken cancellation);
}
