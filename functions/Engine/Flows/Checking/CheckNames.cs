using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary>The checking flows by name.</summary>
public static class CheckNames
{
    /// <summary>Verifies a machine; takes no turn and changes nothing.</summary>
    public static FlowName<VerifyInput, VerifyResult> Verify { get; } = new(
        "Verify", CheckFlowJson.Default.VerifyInput, CheckFlowJson.Default.VerifyResult);

    /// <summary>Verifies some shards; a part of <see cref="Verify"/>.</summary>
    public static FlowName<VerifyShardsInput, CheckTally> VerifyShards { get; } = new(
        "VerifyShards", CheckFlowJson.Default.VerifyShardsInput, CheckFlowJson.Default.CheckTally);

    /// <summary>Makes heads anew that are missing or damaged.</summary>
    public static FlowName<RebuildInput, RebuildResult> RebuildCatalog { get; } = new(
        "RebuildCatalog", CheckFlowJson.Default.RebuildInput, CheckFlowJson.Default.RebuildResult);
}
