using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>
/// <c>OpenPack</c>: looks for deltas that are worth copying into packs and lists an operation that
/// does it, with every object it may create. The edges go on naming the old deltas until it closes.
/// </summary>
public sealed class OpenPackStep(StepServices services)
    : Step<OpenPackInput, PackTicket>(TierSteps.OpenPackName)
{
    /// <inheritdoc/>
    public override async Task<PackTicket> RunAsync(
        OpenPackInput input, CancellationToken cancellation)
    {
        var job = $"{input.Job}#p{input.Round}";
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        PlanTierStep.RequireTurn(manifest, input.Epoch);
        if (Find(manifest.Head, job) is { } known) return TicketOf(known, input.From);
        // Looked for before the change, which may be made several times over: while the turn is
        // held, nobody else moves an edge.
        var survey = await TierSurvey.BeginAsync(services, manifest, isWhole: false, cancellation);
        var window = await survey.LookAsync(input.From, cancellation);
        var packs = survey.Plan(window).Packs.Take(services.Options.Tiering.MostPacks).ToList();
        if (packs.Count == 0)
            return new PackTicket(
                0, 0, 0, 0, window.Next == TierCursor.Packs ? null : window.Next);
        OperationRecord? operation = null;
        await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                edit.RequireTurn(input.Epoch);
                operation = Find(edit.Head, job) ?? edit.IssueOperation(
                    number => Compose(number, job, packs, edit.Now));
                return ValueTask.CompletedTask;
            },
            cancellation);
        return TicketOf(operation!, input.From);
    }

    private static OperationRecord? Find(ManifestHead head, string job) =>
        head.Operations.FirstOrDefault(o => string.Equals(o.Job, job, StringComparison.Ordinal));

    private static OperationRecord Compose(
        long number, string job, List<PlannedPack> packs, DateTimeOffset now)
    {
        IReadOnlyList<PackRecord> records =
        [
            .. packs.Select((pack, i) => new PackRecord
            {
                Operation = number,
                Number = i + 1,
                Tier = pack.Tier,
                Hash = Hash256.Zero,
                Expiry = pack.Expiry,
                Members = [.. SetsOf(pack.Members, number)],
            }),
        ];
        return new OperationRecord
        {
            Number = number,
            Kind = OperationKinds.Pack,
            Started = now,
            Job = job,
            Creates = [.. records.SelectMany(r => r.Members)],
            Packs = records,
        };
    }

    private static IEnumerable<DeltaSet> SetsOf(
        IEnumerable<TierCandidate> members, long operation) => members
        .GroupBy(m => (m.Disk, m.Key.From, m.Key.To))
        .OrderBy(g => g.Key.From).ThenBy(g => g.Key.Disk, StringComparer.Ordinal)
        .ThenBy(g => g.Key.To)
        .Select(g => new DeltaSet(
            g.Key.Disk, g.Key.From, g.Key.To, operation,
            ShardRanges.Of(g.Select(m => m.Shard).Order())));

    private static PackTicket TicketOf(OperationRecord operation, TierCursor from) => new(
        operation.Number, operation.Packs!.Count,
        operation.Packs.SelectMany(p => p.Members).Min(m => m.Key.Edge),
        operation.Packs.SelectMany(p => p.Members).Max(m => m.Key.Edge),
        // The same window again: there may be more packs in it.
        from);
}
