using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>
/// <c>EndRehydration</c>: takes a job's rehydration out of the manifest, then deletes its copies,
/// also those under way. Order: after the first write no reader looks for a copy any more, and the
/// sweep knows of all that a crash, or a late worker, leaves. Or lets readers keep the copies until
/// their time is over.
/// </summary>
public sealed class EndRehydrationStep(StepServices services)
    : Step<EndRehydrationInput, bool>(RehydrationSteps.End)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(
        EndRehydrationInput input, CancellationToken cancellation)
    {
        var ended = new SortedSet<long>();
        if (input.Operation > 0) ended.Add(input.Operation);
        await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                foreach (var record in OfJob(edit.Head, input))
                {
                    if (Keeps(edit.Head, input))
                    {
                        edit.ReplaceRehydration(record with
                        {
                            IsKept = true,
                            Until = edit.Now + services.Options.Rehydration.KeepTime,
                        });
                        continue;
                    }
                    ended.Add(record.Operation);
                    edit.EndRehydration(record.Operation);
                }
                return ValueTask.CompletedTask;
            },
            cancellation);
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        foreach (var operation in ended)
        {
            if (manifest.Head.Rehydrated?.Any(r => r.Operation == operation) != true)
                await DeleteAsync(input.Machine, operation, cancellation);
        }
        return true;
    }

    private static List<RehydratedRecord> OfJob(ManifestHead head, EndRehydrationInput input) =>
    [
        .. (head.Rehydrated ?? []).Where(
            r => string.Equals(r.Job, input.Job, StringComparison.Ordinal)),
    ];

    /// <summary>What changed its own tier stays online by itself.</summary>
    private static bool Keeps(ManifestHead head, EndRehydrationInput input) =>
        input.Keeps && !string.Equals(
            (head.Policy.Rehydration ?? RehydrationSettings.Default).Way, RehydrationSettings.Tier,
            StringComparison.Ordinal);

    private async Task DeleteAsync(
        string machine, long operation, CancellationToken cancellation)
    {
        var names = new List<string>();
        var prefix = ObjectNames.Rehydrated(machine, operation);
        await foreach (var copy in services.DeltaStore.ListAsync(prefix, cancellation))
            names.Add(copy.Name);
        foreach (var name in names)
            await services.DeltaStore.DeleteAsync(name, ifMatch: null, cancellation);
    }
}
