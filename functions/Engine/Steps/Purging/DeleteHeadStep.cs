using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>
/// <c>DeleteHead</c>: keeps the numbers that a marked machine has used, then deletes its manifest,
/// as it was seen: whoever pinned a version meanwhile is asked about first. From then on there is no
/// such machine, and none of its name can be made until all of it is gone.
/// </summary>
public sealed class DeleteHeadStep(StepServices services)
    : Step<PurgeStepInput, GoneHead>(PurgeSteps.DeleteHead)
{
    /// <inheritdoc/>
    public override async Task<GoneHead> RunAsync(
        PurgeStepInput input, CancellationToken cancellation)
    {
        // Read before the head: see where it is written.
        var (gone, etag) = await GoneMachine.FindAsync(
            services.BaseStore, input.Machine, cancellation);
        if (await services.Manifests.FindAsync(input.Machine, cancellation) is not { } manifest)
            return gone is { IsGoing: true }
                ? new GoneHead(gone.OriginMachine, gone.OriginJob) : new GoneHead();
        try
        {
            RequireMark(manifest.Head, input);
            PurgeRules.RequireUnneeded(manifest.Head);
        }
        catch (RefusedException)
        {
            // An earlier try may have noted the deletion before the manifest changed under it.
            await GoneMachine.TakeBackAsync(services.BaseStore, manifest.Head, cancellation);
            throw;
        }
        await GoneMachine.KeepAsync(
            services.BaseStore, manifest.Head, services.Time.GetUtcNow(), etag, cancellation);
        // A crash here leaves the machine as it is, and a note that is written again.
        await services.BaseStore.DeleteAsync(
            ObjectNames.Head(input.Machine), manifest.ETag, cancellation);
        return new GoneHead(manifest.Head.Origin?.Machine, manifest.Head.Origin?.Job);
    }

    private static void RequireMark(ManifestHead head, PurgeStepInput input)
    {
        if (head.Purged is not { } since || since != input.Since)
            throw new RefusedException(
                "not-purged", $"'{head.Machine}' is not marked for this deletion any more.");
    }
}
