using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Flows.Expiring;

/// <summary>The flows that let versions expire, by name.</summary>
public static class ExpiryNames
{
    /// <summary>Lets versions expire by name.</summary>
    public static FlowName<ExpireInput, ExpireResult> Expire { get; } = new(
        "Expire", FlowJson.Default.ExpireInput, FlowJson.Default.ExpireResult);

    /// <summary>Lets versions expire by the machine's policy.</summary>
    public static FlowName<RetentionInput, ExpireResult> Retention { get; } = new(
        "Retention", FlowJson.Default.RetentionInput, FlowJson.Default.ExpireResult);
}
