using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Upkeep;

namespace SnapshotFunctions.Engine.Flows.Upkeep;

/// <summary>The flow and steps of upkeep, for a runner that has those of checking too.</summary>
public static class UpkeepParts
{
    /// <summary>
    /// The sub-flows that upkeep runs before it verifies, in order: each is one line that names its
    /// part of <see cref="UpkeepDue"/> and starts a flow by its name.
    /// </summary>
    public static IReadOnlyList<UpkeepTask> Tasks { get; } =
    [
        new(UpkeepWords.Retention, due => due.Retention, RetentionAsync),
        new(UpkeepWords.Tiering, due => due.Tiering, TieringAsync),
    ];

    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows() => [new UpkeepFlow()];

    /// <summary>Every step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
        [new PlanUpkeepStep(services), new RecordUpkeepStep(services), new SweepStep(services)];

    internal static async Task<string> PurgeAsync(IFlowContext context, string machine)
    {
        var result = await context.RunFlowAsync(PurgeNames.Purge, new PurgeInput(machine));
        return $"{result.Objects} objects deleted: the machine is gone";
    }

    private static async Task<string> RetentionAsync(IFlowContext context, string machine)
    {
        var result = await context.RunFlowAsync(
            ExpiryNames.Retention, new RetentionInput(machine));
        RequireWhole(context, ExpiryNames.Retention.Name);
        return result.Halted
            ?? $"{result.Expired.Count} versions expired, {result.Hidden.Count} hidden";
    }

    private static async Task<string> TieringAsync(IFlowContext context, string machine)
    {
        var result = await context.RunFlowAsync(TierNames.Tier, new TierInput(machine));
        RequireWhole(context, TierNames.Tier.Name);
        return $"{result.Moved} objects moved, {result.Packed} deltas put into {result.Packs} packs";
    }

    /// <summary>What was cancelled on its way is due again.</summary>
    private static void RequireWhole(IFlowContext context, string flow)
    {
        if (context.IsCancelRequested)
            throw new StepFailedException(flow, "canceled", "It was cancelled.");
    }
}
