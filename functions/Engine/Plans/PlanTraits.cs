using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Mounting;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Flows.Upkeep;

namespace SnapshotFunctions.Engine.Plans;

/// <summary>How far a plan of a flow can be trusted.</summary>
/// <param name="Flow">The flow's name.</param>
/// <param name="MarginPercent">See <see cref="Costs.Plan.MarginPercent"/>.</param>
/// <param name="IsUpperBound">See <see cref="Costs.Plan.IsUpperBound"/>.</param>
/// <param name="Notes">What there is to know of every plan of it.</param>
public sealed record PlanTraits(
    string Flow, int MarginPercent, bool IsUpperBound, params IReadOnlyList<string> Notes)
{
    /// <summary>
    /// Whether the plan reads the bytes that the work would read, because only they tell what there
    /// is to do. It still writes nothing.
    /// </summary>
    public bool ReadsBytes { get; init; }

    /// <summary>
    /// The flows that can be planned. A plan runs the flow itself over a store that changes
    /// nothing, so a further flow needs its line here, and a look at the steps of it that read
    /// frames: they ask whether their store only plans.
    /// </summary>
    public static IReadOnlyList<PlanTraits> All { get; } =
    [
        new(
            FlowNames.Ingest.Name, 10, true,
            "Which blocks differ is told by the images' hashes; which sectors of them would take "
            + "reading the old blocks: stored bytes are an upper bound.",
            "Reading the images themselves is not counted."),
        new(
            FlowNames.Consolidate.Name, 10, false,
            "Which blocks and sectors move is told by the indexes; how well they compress is "
            + "estimated from how they lie now."),
        new(
            FlowNames.Undo.Name, 10, false,
            "Which blocks and sectors move is told by the indexes; how well they compress is "
            + "estimated from how they lie now."),
        new(
            ExpiryNames.Expire.Name, 10, false,
            "Which sectors the deltas come to is told by the indexes; how well they compress "
            + "together is estimated from how they lie now."),
        new(
            ExpiryNames.Retention.Name, 10, false,
            "Which sectors the deltas come to is told by the indexes; how well they compress "
            + "together is estimated from how they lie now."),
        new(CloneNames.Clone.Name, 0, false),
        new(
            MountNames.Commit.Name, 10, true,
            "Which blocks differ is told by what was written; which sectors of them would take "
            + "reading the old blocks: stored bytes are an upper bound.",
            "What is written until the job freezes the mount is not counted."),
        new(
            CloneNames.Flatten.Name, 60, false,
            "How well the shared blocks compress is not known before they are read: half is "
            + "assumed."),
        new(TierNames.Tier.Name, 0, false),
        new(
            RestoreNames.Restore.Name, 0, false,
            "Writing the target is not counted among the operations."),
        new(RehydrateNames.Rehydrate.Name, 0, false),
        new(CheckNames.Verify.Name, 0, false, "A machine that is sound is taken for granted."),
        new(
            RepairNames.Repair.Name, 10, false,
            "What is damaged is told by the bytes alone: planning has read what the repair would "
            + "read.")
        {
            ReadsBytes = true,
        },
        new(
            CheckNames.RebuildCatalog.Name, 10, false,
            "What there is to rebuild is told by what lies in storage: planning has read it.")
        {
            ReadsBytes = true,
        },
        new(PurgeNames.Purge.Name, 1, false),
        new(
            UpkeepNames.Upkeep.Name, 10, false,
            "Which sectors the deltas come to is told by the indexes; how well they compress "
            + "together is estimated from how they lie now.",
            "Only what is due now is planned, and a machine that is sound is taken for granted."),
    ];

    /// <summary>The traits of a flow.</summary>
    /// <exception cref="Model.NoSuchException">It cannot be planned.</exception>
    public static PlanTraits Of(string flow) =>
        All.FirstOrDefault(t => string.Equals(t.Flow, flow, StringComparison.Ordinal))
        ?? throw new Model.NoSuchException($"plan of '{flow}'", "It can only be run.");
}
