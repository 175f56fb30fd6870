using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Steps.Mounting;

namespace SnapshotFunctions.Engine.Flows.Mounting;

/// <summary>
/// <c>CommitMount</c>: freezes a mount, makes a clone of its version, seals what was written, and
/// ingests it as the clone's next version; then the mount goes. Where that fails the mount can be
/// written again, and nothing that was written is lost. A writer that wakes up late and replaces a
/// chunk after the seal makes the ingest fail before it has made a version: it is begun anew over a
/// new seal, which takes what stands then.
/// </summary>
public sealed class CommitMountFlow() : Flow<CommitMountInput, CommitMountResult>(MountNames.Commit)
{
    /// <summary>A writer comes late at most once, as it looks at the mount after each write.</summary>
    private const int MostSeals = 6;

    private const string Changed = "image-changed";

    /// <summary>For whom the clone of a mount is made.</summary>
    public static string CloneOwnerOf(string id) => $"mount-{id}";

    /// <inheritdoc/>
    public override async Task<CommitMountResult> RunAsync(
        IFlowContext context, CommitMountInput input)
    {
        var job = new MountJobInput(input.Machine, input.Id, context.InstanceId);
        IngestResult result;
        FrozenMount frozen;
        try
        {
            frozen = await context.RunStepAsync(
                MountSteps.Freeze,
                new FreezeMountInput(input.Machine, input.Id, context.InstanceId, input.To));
            // The clone is the mount's: another job that commits it again finds it there.
            var clone = await context.RunFlowAsync(
                CloneNames.Clone,
                new CloneInput(input.Machine, frozen.Version, input.To, CloneOwnerOf(input.Id)));
            result = await IngestAsync(context, input, frozen, clone.Version);
        }
        catch (StepFailedException)
        {
            await context.RunStepAsync(MountSteps.Reopen, job);
            throw;
        }
        // A crash before here leaves a version that is made and a mount that goes with the job's
        // next run.
        while (!await context.RunStepAsync(MountSteps.Close, job))
            context.Report(new FlowProgress("removing", 0, 0, "chunks"));
        return new CommitMountResult(
            result.Machine, result.Version, input.Id, input.Machine, frozen.Version,
            result.Fingerprint, result.ChangedBytes, result.StoredBytes);
    }

    private static async Task<IngestResult> IngestAsync(
        IFlowContext context, CommitMountInput input, FrozenMount frozen, int parent)
    {
        for (var attempt = 1; ; attempt++)
        {
            var seal = $"{frozen.Generation}-{attempt}";
            await context.RunStepAsync(
                MountSteps.Seal,
                new SealMountInput(input.Machine, input.Id, context.InstanceId, seal));
            try
            {
                return await context.RunFlowAsync(
                    FlowNames.Ingest, Describe(input, frozen, seal, parent));
            }
            catch (StepFailedException late) when (
                string.Equals(late.Code, Changed, StringComparison.Ordinal)
                && attempt < MostSeals)
            {
                // The ingest has left no version; what stands now is sealed anew.
            }
        }
    }

    /// <summary>
    /// An incremental over the clone's first version. The guest wrote to the disks alone: the
    /// machine files stay as they were.
    /// </summary>
    private static IngestInput Describe(
        CommitMountInput input, FrozenMount frozen, string seal, int parent) => new(
        input.To,
        [.. frozen.Disks.Select(d => new IngestDisk(
            StoredSources.OfMount(input.Machine, input.Id, seal, d), d, StoredSources.MountFormat))],
        parent, input.Label ?? $"mount {input.Id}",
        Files: frozen.Files.Count == 0 ? null
            : [.. frozen.Files.Select(f => new IngestFile(
                StoredSources.OfFile(input.Machine, frozen.Version, f), f))]);
}
