using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Expiring;

/// <summary>
/// Lets versions expire, in operations of a bounded number of versions each. Each of them leaves a
/// sound chain behind: when one fails or the job is cancelled, what those before did stays done.
/// </summary>
internal sealed class VersionExpiry(EngineOptions options)
{
    private readonly IndexMerging _merging = new(options);

    /// <summary>Takes the turn, lets versions expire, and gives the turn back, which sweeps.</summary>
    public async Task<ExpireResult> WithinTurnAsync(
        IFlowContext context, TurnTaking turns, string machine, IReadOnlyList<int>? versions)
    {
        var epoch = await turns.TakeAsync(context, machine, create: false);
        try
        {
            var result = await RunAsync(context, machine, epoch, versions);
            await TurnTaking.FinishAsync(context, machine, epoch);
            return result;
        }
        catch (StepFailedException)
        {
            await turns.AbortAsync(context, machine, epoch, 0);
            await TurnTaking.FinishAsync(context, machine, epoch);
            throw;
        }
    }

    private async Task<ExpireResult> RunAsync(
        IFlowContext context, string machine, long epoch, IReadOnlyList<int>? versions)
    {
        var plan = await context.RunStepAsync(
            PhaseNames.PlanExpiry, new PlanExpiryInput(machine, epoch, versions));
        var tickets = new List<RewriteTicket>();
        var stored = 0L;
        var done = 0;
        for (var hop = 0; done < plan.Versions.Count && !context.IsCancelRequested; hop++)
        {
            context.Report(new FlowProgress("expiring", done, plan.Versions.Count, "versions"));
            var ticket = await context.RunStepAsync(
                PhaseNames.OpenExpiry,
                new OpenExpiryInput(
                    machine, context.InstanceId, hop, epoch, [.. plan.Versions.Skip(done)]));
            done += ticket.Looked;
            if (ticket.Operation == 0) continue;
            stored += await RewriteAsync(context, machine, epoch, ticket);
            tickets.Add(ticket);
        }
        var changed = tickets.Where(t => t.Highest > 0).ToList();
        if (changed.Count > 0)
            await _merging.RunAsync(
                context, machine, epoch, changed.Min(t => t.Lowest), changed.Max(t => t.Highest));
        return new ExpireResult(
            machine, [.. tickets.SelectMany(t => t.Expired)], [.. tickets.SelectMany(t => t.Hidden)],
            [.. tickets.SelectMany(t => t.Completed)], tickets.Count, tickets.Sum(t => t.ReadBytes), stored, plan.Halted,
            done >= plan.Versions.Count);
    }

    private async Task<long> RewriteAsync(
        IFlowContext context, string machine, long epoch, RewriteTicket ticket)
    {
        var chunks = await FanOut.RunAsync(
            context, ChunkNames.ComposeShards, ticket.Sets, s => s.Shards,
            (set, shards, chunk, record) => new ChunkInput(
                machine, set.Disk, ticket.Operation, epoch, shards, chunk, record,
                Compose: new ComposeChunk(set.From, set.To)),
            options, "composing deltas", canEnd: true);
        await context.RunStepAsync(
            PhaseNames.CloseRewrite,
            new CloseRewriteInput(machine, epoch, ticket.Operation, chunks));
        return chunks.Where(c => c.Outcomes is not null)
            .SelectMany(c => OutcomeList.Unpack(c.Outcomes!)).Sum(o => o.StoredBytes);
    }
}
