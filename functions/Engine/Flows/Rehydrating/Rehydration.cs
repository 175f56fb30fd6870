using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Rehydrating;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>
/// One job's rehydration, as its flow drives it: looks what is archived, lists itself, asks, waits
/// for hours without computing or the machine's turn, looks again, and ends. Order of writes, each
/// with what a crash after it leaves: the record in the manifest (without copies, it goes with its
/// time); the copies (the steps that run again find them; of a job that never runs again the sweep
/// removes them); the record's end (the sweep knows of what is left).
/// </summary>
internal sealed class Rehydration(
    IFlowContext context, string machine, RehydrationMargins margins)
{
    private readonly Dictionary<string, long> _objects = new(StringComparer.Ordinal);
    private readonly RehydrationWait _wait = new(context, machine, margins);
    private RehydrationTicket? _ticket;
    private bool _mayBeListed;

    /// <summary>How many objects were brought back.</summary>
    public int Objects => _objects.Count;

    /// <summary>Their length together.</summary>
    public long Bytes => _objects.Values.Sum();

    /// <summary>Finds what a range needs, part by part.</summary>
    public async Task<ArchivedSet> LookAsync(PlanRehydrationInput next)
    {
        var parts = new List<IReadOnlyList<ArchivedObject>>();
        while (true)
        {
            ThrowIfCancelled();
            var plan = await context.RunStepAsync(RehydrationSteps.Plan, next);
            if (plan.Objects.Count > 0) parts.Add(plan.Objects);
            if (plan.NextShard is not { } shard)
                return new ArchivedSet(plan.Version, plan.Disk, parts);
            next = next with
            {
                Version = plan.Version, Disk = plan.Disk, Shard = shard, After = plan.NextAfter,
            };
        }
    }

    /// <summary>
    /// Brings back what was found, and what a new look finds then: the base may have moved, deltas
    /// may have been replaced, and an index that was archived tells only then what else is needed.
    /// </summary>
    public async Task BringBackAsync(
        ArchivedSet found, PlanRehydrationInput again, Ports.RehydrationPriority? priority)
    {
        for (var round = 1; found.Parts.Count > 0; round++)
        {
            if (round > margins.MostRounds)
                throw new RefusedException(
                    "rehydration",
                    $"What the range needs was archived again {margins.MostRounds} times. Change "
                    + "the policy that archives it first.");
            foreach (var part in found.Parts.SelectMany(p => p))
                _objects[part.Name] = part.LengthBytes;
            _mayBeListed = true;
            _ticket = await context.RunStepAsync(
                RehydrationSteps.Open,
                new OpenRehydrationInput(
                    machine, context.InstanceId, found.Version, found.Disk, Objects, Bytes,
                    priority));
            foreach (var part in found.Parts)
                await _wait.StartAsync(_ticket, part);
            await _wait.EndAsync(_ticket, found.Parts);
            found = await LookAsync(again with { Version = found.Version, Disk = found.Disk });
        }
    }

    /// <summary>
    /// Removes the copies, or leaves them to readers for a while. An error here is not the job's:
    /// the manifest lists what is left, and it goes with its time.
    /// </summary>
    public async Task EndAsync(bool keeps = false)
    {
        if (!_mayBeListed) return;
        try
        {
            await context.RunStepAsync(
                RehydrationSteps.End,
                new EndRehydrationInput(
                    machine, context.InstanceId, _ticket?.Operation ?? 0, keeps));
        }
        catch (StepFailedException)
        {
            // See above.
        }
    }

    private void ThrowIfCancelled() => _wait.ThrowIfCancelled();
}
