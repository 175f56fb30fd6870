using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Rehydrating;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>
/// <c>Rehydrate</c>: asks the archived objects back that a range of a version needs, and waits
/// until all can be read. It takes no turn: nothing but objects' tiers changes. When all are back
/// it looks once more, because the base may have moved meanwhile, and because an index that was
/// archived tells only then what else is needed. A crash leaves objects on their way; the steps
/// that are run again ask only for the others.
/// </summary>
internal sealed class RehydrateFlow()
    : Flow<RehydrateInput, RehydrateResult>(RehydrateNames.Rehydrate)
{
    private const int MostRounds = 10;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public override async Task<RehydrateResult> RunAsync(
        IFlowContext context, RehydrateInput input)
    {
        var started = context.UtcNow;
        var objects = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var round = 1; round <= MostRounds; round++)
        {
            var (plan, chunks) = await AskAsync(context, input);
            if (chunks.Count == 0)
                return new RehydrateResult(
                    input.Machine, plan.Version, plan.Disk, objects.Count, objects.Values.Sum(),
                    (long)(context.UtcNow - started).TotalSeconds);
            foreach (var found in chunks.SelectMany(c => c))
                objects[found.Name] = found.LengthBytes;
            // The newest may be another one by the next round: the one that was found stays meant.
            input = input with { Version = plan.Version, Disk = plan.Disk };
            await WaitAsync(context, chunks);
        }
        throw new RefusedException(
            "rehydration",
            $"What the range needs was archived again {MostRounds} times. Change the policy that "
            + "archives it first.");
    }

    /// <summary>Plans and asks, part by part.</summary>
    private static async Task<(RehydrationPlan Last, List<IReadOnlyList<ArchivedObject>> Chunks)>
        AskAsync(IFlowContext context, RehydrateInput input)
    {
        var chunks = new List<IReadOnlyList<ArchivedObject>>();
        var next = new PlanRehydrationInput(
            input.Machine, input.Version, input.Disk, input.Offset, input.LengthBytes);
        while (true)
        {
            ThrowIfCancelled(context);
            var plan = await context.RunStepAsync(RehydrationSteps.Plan, next);
            if (plan.Objects.Count > 0)
            {
                await context.RunStepAsync(
                    RehydrationSteps.Start,
                    new StartRehydrationInput(NamesOf(plan.Objects), input.Priority));
                chunks.Add(plan.Objects);
            }
            if (plan.NextShard is not { } shard) return (plan, chunks);
            next = next with
            {
                Version = plan.Version, Disk = plan.Disk, Shard = shard, After = plan.NextAfter,
            };
        }
    }

    /// <summary>Waits for one chunk after the other: most are back by the time they are looked at.</summary>
    private static async Task WaitAsync(
        IFlowContext context, List<IReadOnlyList<ArchivedObject>> chunks)
    {
        var total = chunks.Sum(c => c.Count);
        var done = 0;
        var wait = FirstWait;
        foreach (var objects in chunks)
        {
            while (true)
            {
                ThrowIfCancelled(context);
                var state = await context.RunStepAsync(
                    RehydrationSteps.Check, new CheckRehydrationInput(NamesOf(objects)));
                context.Report(new FlowProgress(
                    "rehydrating", done + objects.Count - state.Archived, total, "objects"));
                if (state.Archived == 0) break;
                await context.DelayUntilAsync(context.UtcNow + wait);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
            done += objects.Count;
        }
    }

    private static List<string> NamesOf(IReadOnlyList<ArchivedObject> objects) =>
        [.. objects.Select(o => o.Name)];

    private static void ThrowIfCancelled(IFlowContext context)
    {
        if (context.IsCancelRequested)
            throw new OperationCanceledException(
                "The rehydration was asked to end; what is on its way comes back all the same.");
    }
}
