using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Flows.Contract;

/// <summary>
/// A step or sub-flow failed for good, as its flow sees it on every runner: only what survives a
/// journal, the error's code and message, never the exception itself.
/// </summary>
public sealed class StepFailedException(string step, string errorCode, string message)
    : SnapshotException(errorCode, message)
{
    /// <summary>The step or flow that failed.</summary>
    public string Step { get; } = step;
}
