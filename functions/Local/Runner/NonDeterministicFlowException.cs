using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Runner;

/// <summary>
/// A flow did not do on replay what its journal says it did, or awaited what its context did not
/// return. The journal is left as it was and the job stays running, so that it goes on where it
/// stood once the flow's code is put right (or put back).
/// </summary>
public sealed class NonDeterministicFlowException(
    string instanceId, string call, string expected, string found)
    : SnapshotException(
        "non-deterministic",
        $"The flow of job '{instanceId}' is not deterministic at call {call}: expected {expected}, " +
        $"found {found}. The journal is untouched; correct the flow and resume the job.")
{
    /// <summary>The job.</summary>
    public string InstanceId { get; } = instanceId;

    /// <summary>The sequence number of the call, after those of its sub-flows' calls: <c>3:1</c>.</summary>
    public string Call { get; } = call;

    /// <summary>What the journal or the contract asks for.</summary>
    public string Expected { get; } = expected;

    /// <summary>What the flow did.</summary>
    public string Found { get; } = found;
}
