using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The engine's flows as orchestrators, a line each.</summary>
public sealed class FlowFunctions(OrchestrationRunner runner)
{
    /// <summary>Ingests a snapshot.</summary>
    [Function("Ingest")]
    public Task<string> IngestAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Moves a base.</summary>
    [Function("Consolidate")]
    public Task<string> ConsolidateAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Moves reverse incrementals to colder tiers.</summary>
    [Function("Tier")]
    public Task<string> TierAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Takes the newest version back.</summary>
    [Function("Undo")]
    public Task<string> UndoAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Lets named versions expire.</summary>
    [Function("Expire")]
    public Task<string> ExpireAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Lets versions expire by policy.</summary>
    [Function("Retention")]
    public Task<string> RetentionAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Composes deltas of a chunk of shards.</summary>
    [Function("ComposeShards")]
    public Task<string> ComposeShardsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Makes a clone.</summary>
    [Function("Clone")]
    public Task<string> CloneAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Gives a clone all its blocks.</summary>
    [Function("Flatten")]
    public Task<string> FlattenAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Gives the bases of a chunk of shards all their blocks.</summary>
    [Function("FlattenShards")]
    public Task<string> FlattenShardsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Makes a version of what was written to a mount.</summary>
    [Function("CommitMount")]
    public Task<string> CommitMountAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Deletes a machine.</summary>
    [Function("Purge")]
    public Task<string> PurgeAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Ingests a chunk of shards.</summary>
    [Function("DeltaShards")]
    public Task<string> DeltaShardsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Moves the bases of a chunk of shards.</summary>
    [Function("PatchShards")]
    public Task<string> PatchShardsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Shuts an operation out of a chunk of shards.</summary>
    [Function("FenceShards")]
    public Task<string> FenceShardsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Makes merged indexes of a chunk of shards.</summary>
    [Function("MergeShards")]
    public Task<string> MergeShardsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Restores a disk.</summary>
    [Function("Restore")]
    public Task<string> RestoreAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Writes some shards of a disk.</summary>
    [Function("RestoreShards")]
    public Task<string> RestoreShardsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Verifies a machine.</summary>
    [Function("Verify")]
    public Task<string> VerifyAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Verifies some shards.</summary>
    [Function("VerifyShards")]
    public Task<string> VerifyShardsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Makes heads anew.</summary>
    [Function("RebuildCatalog")]
    public Task<string> RebuildCatalogAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Takes an upload in, or puts it aside.</summary>
    [Function("TakeUpload")]
    public Task<string> TakeUploadAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Brings archived bytes back.</summary>
    [Function("Rehydrate")]
    public Task<string> RehydrateAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Repairs a machine.</summary>
    [Function("Repair")]
    public Task<string> RepairAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Repairs some shards.</summary>
    [Function("RepairShards")]
    public Task<string> RepairShardsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);

    /// <summary>Does what is due for a machine.</summary>
    [Function("Upkeep")]
    public Task<string> UpkeepAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        runner.RunAsync(context);
}
