using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.App.Durable;

/// <summary>
/// A job's flow failed: what makes its orchestration end as failed. The code stands before the
/// message, for whoever reads only the instance; programs read it from the custom status.
/// </summary>
public sealed class FlowFailedException(string flow, string errorCode, string message)
    : SnapshotException(errorCode, $"[{errorCode}] {message}")
{
    /// <summary>The flow.</summary>
    public string Flow { get; } = flow;
}
