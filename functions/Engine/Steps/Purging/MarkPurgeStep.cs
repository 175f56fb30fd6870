using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>
/// <c>MarkPurge</c>: marks a machine for deletion, or takes that back. Who needs one of its versions
/// refuses it; a clone cannot begin from a machine that is marked.
/// </summary>
public sealed class MarkPurgeStep(StepServices services)
    : Step<MarkPurgeInput, PurgeMark>(PurgeSteps.Mark)
{
    /// <inheritdoc/>
    public override async Task<PurgeMark> RunAsync(
        MarkPurgeInput input, CancellationToken cancellation)
    {
        // What a deletion that stopped at the last moment has left would outlive the mark.
        if (input.Epoch == 0)
            await GoneMachine.TakeBackAsync(
                services.BaseStore,
                (await services.Manifests.LoadAsync(input.Machine, cancellation)).Head,
                cancellation);
        var written = await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                if (input.Epoch == 0)
                {
                    if (edit.Head.Purged is { } since && since == input.Since)
                        edit.SetPurged(null);
                    return ValueTask.CompletedTask;
                }
                edit.RequireTurn(input.Epoch);
                PurgeRules.RequireUnneeded(edit.Head);
                if (edit.Head.Purged is null) edit.SetPurged(edit.Now);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return MarkOf(written.Head);
    }

    internal static PurgeMark MarkOf(ManifestHead head) => head.Purged is { } since
        ? new PurgeMark(
            PurgeState.Marked, since, since.AddSeconds(head.Policy.GraceSeconds))
        : new PurgeMark(PurgeState.Kept);
}
