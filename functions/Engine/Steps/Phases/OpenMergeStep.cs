using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Planning;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary><c>OpenMerge</c>: lists an operation that makes the merged indexes of one group.</summary>
public sealed class OpenMergeStep(StepServices services)
    : Step<OpenMergeInput, MergeTicket>(PhaseNames.OpenMerge)
{
    /// <inheritdoc/>
    public override async Task<MergeTicket> RunAsync(
        OpenMergeInput input, CancellationToken cancellation)
    {
        var ticket = new MergeTicket(0, 0, 0, []);
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                ticket = await OpenAsync(edit, input, cancellation);
            },
            cancellation);
        return ticket;
    }

    private static async Task<MergeTicket> OpenAsync(
        ManifestEdit edit, OpenMergeInput input, CancellationToken cancellation)
    {
        var found = await MergePlan.NextAsync(
            edit.Before, input.Above, input.UpTo, cancellation);
        if (found is null) return new MergeTicket(0, 0, 0, []);
        var job = $"{input.Job}#m{input.Round}";
        var operation = edit.Head.Operations.FirstOrDefault(
            o => string.Equals(o.Job, job, StringComparison.Ordinal))
            ?? edit.IssueOperation(number => new OperationRecord
            {
                Number = number,
                Kind = OperationKinds.Merge,
                Started = edit.Now,
                Job = job,
                Merges =
                [
                    .. found.Shards.Select(d => new MergedRecord(
                        d.Key, found.Level, found.Group, number, d.Value)),
                ],
            });
        return new MergeTicket(
            operation.Number, found.Level, found.Group,
            [.. found.Shards.Select(d => new DiskShards(d.Key, d.Value.ToString()))]);
    }
}
