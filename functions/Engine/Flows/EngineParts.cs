using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Mounting;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Ingestion;
using SnapshotFunctions.Engine.Steps.Merging;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows;

/// <summary>All flows that change a machine, and their steps, for a runner to register.</summary>
public static class EngineParts
{
    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows(EngineOptions options) =>
    [
        new IngestFlow(options),
        new ConsolidateFlow(options),
        new UndoFlow(options),
        new DeltaShardsFlow(),
        new PatchShardsFlow(),
        new FenceShardsFlow(),
        new MergeShardsFlow(),
        .. CloneParts.Flows(options),
        .. MountParts.Flows(),
        .. PurgeParts.Flows(options),
        .. ExpiryParts.Flows(options),
        .. RepairParts.Flows(options),
        .. TierParts.Flows(options),
    ];

    /// <summary>Every step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services) =>
    [
        new DeltaShardStep(services),
        new PatchShardStep(services),
        new FenceShardStep(services),
        new TakeTurnStep(services),
        new FinishTurnStep(services),
        new SurveySnapshotStep(services),
        new SurveyFilesStep(services),
        new OpenIngestStep(services),
        new StoreFilesStep(services),
        new CloseIngestStep(services),
        new RecordChunkStep(services),
        new OpenMoveStep(services),
        new CloseMoveStep(services),
        new BeginAbortStep(services),
        new CloseAbortStep(services),
        new WithdrawStep(services),
        new CloseUndoStep(services),
        new OpenMergeStep(services),
        new MergeShardStep(services),
        new CloseMergeStep(services),
        .. CloneParts.Steps(services),
        .. MountParts.Steps(services),
        .. PurgeParts.Steps(services),
        .. ExpiryParts.Steps(services),
        .. RepairParts.Steps(services),
        .. TierParts.Steps(services),
    ];
}
