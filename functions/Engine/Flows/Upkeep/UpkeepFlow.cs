using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Planning;
using SnapshotFunctions.Engine.Steps.Upkeep;

namespace SnapshotFunctions.Engine.Flows.Upkeep;

/// <summary>
/// <c>Upkeep</c>: does what is due for a machine by its policy, part by part. It holds no turn; the
/// parts that change the machine take it themselves. A part that fails is told of, is due again
/// with the next run, and keeps no other one from being done.
/// </summary>
public sealed class UpkeepFlow() : Flow<UpkeepInput, UpkeepResult>(UpkeepNames.Upkeep)
{
    private const int MostText = 300;

    /// <inheritdoc/>
    public override async Task<UpkeepResult> RunAsync(IFlowContext context, UpkeepInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var began = context.UtcNow;
        var due = await context.RunStepAsync(UpkeepSteps.Plan, input);
        var run = new Run(context, input, began);
        if (due.Purge)
        {
            await run.DoAsync(UpkeepWords.Purge, null, () => UpkeepParts.PurgeAsync(
                context, input.Machine));
            return new UpkeepResult(input.Machine, run.Parts, 0, 0, 0);
        }
        foreach (var task in UpkeepParts.Tasks)
            if (task.IsDue(due)) await run.DoAsync(task.Part, null, () => task.RunAsync(context, input.Machine));
        if (due.Quick)
            await run.DoAsync(UpkeepWords.Quick, null, () => run.VerifyAsync(
                new VerifyInput(input.Machine, CheckDepth.Quick)));
        if (due.Share is { } share)
            await run.DoAsync(UpkeepWords.Share, share, () => run.VerifyAsync(
                new VerifyInput(input.Machine, CheckDepth.Sampled) { Share = share }));
        if (run.Damaged.Count > 0 && input.Repair)
            await run.DoAsync(UpkeepWords.Repair, null, run.RepairAsync);
        await run.DoAsync(UpkeepWords.Sweep, null, async () =>
        {
            var swept = await context.RunStepAsync(UpkeepSteps.Sweep, input);
            return $"{swept} objects deleted";
        });
        return new UpkeepResult(
            input.Machine, run.Parts, run.Errors, run.Repaired, run.Lost);
    }

    private sealed class Run(IFlowContext context, UpkeepInput input, DateTimeOffset began)
    {
        public List<UpkeepOutcome> Parts { get; } = [];

        public List<Finding> Damaged { get; } = [];

        public long Errors { get; private set; }

        public int Repaired { get; private set; }

        public int Lost { get; private set; }

        public async Task DoAsync(string part, VerifyShare? share, Func<Task<string>> work)
        {
            if (context.IsCancelRequested)
            {
                Parts.Add(new UpkeepOutcome(part, false, "it was cancelled"));
                return;
            }
            context.Report(new FlowProgress(part, 0, 0, "parts"));
            try
            {
                var text = await work();
                if (part is not (UpkeepWords.Repair or UpkeepWords.Sweep or UpkeepWords.Purge))
                    await context.RunStepAsync(
                        UpkeepSteps.Record, new UpkeepDone(input.Machine, began, part, share));
                Parts.Add(new UpkeepOutcome(part, true, Cut(text)));
            }
            catch (StepFailedException error)
            {
                Parts.Add(new UpkeepOutcome(part, false, Cut($"{error.Code}: {error.Message}")));
            }
        }

        public async Task<string> VerifyAsync(VerifyInput verify)
        {
            var result = await context.RunFlowAsync(CheckNames.Verify, verify);
            Errors += result.Tally.Errors;
            Damaged.AddRange(result.Tally.Findings.Where(
                f => f.Severity == FindingSeverity.Error));
            // One that was cancelled has not come by all that it was to read.
            if (context.IsCancelRequested)
                throw new StepFailedException(CheckNames.Verify.Name, "canceled", "It was cancelled.");
            return result.IsSound
                ? $"sound: {result.Tally.Objects} objects, {result.Tally.BytesRead} bytes read"
                : $"{result.Tally.Errors} errors";
        }

        public async Task<string> RepairAsync()
        {
            if (RepairInput.Of(input.Machine, Damaged) is not { } repair)
                return "nothing that a repair can mend";
            var result = await context.RunFlowAsync(RepairNames.Repair, repair);
            Repaired += result.Tally.Repaired;
            Lost += result.Tally.Lost;
            return $"{result.Tally.Repaired} objects mended, {result.Tally.Lost} losses";
        }

        private static string Cut(string text) =>
            text.Length <= MostText ? text : text[..MostText];
    }
}
