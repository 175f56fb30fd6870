using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Rehydrating;
using SnapshotFunctions.Engine.Steps.Restoring;

namespace SnapshotFunctions.Engine.Flows.Restoring;

/// <summary>
/// <c>Restore</c>: writes a disk as it was at a version. It takes no turn: readers see a version's
/// bytes whatever happens to the base meanwhile. What is archived is brought back first, if that
/// was asked for, and its copies go at the end, whatever the end is; else a restore that would need
/// it is refused before anything is written. Order of writes, each with what a crash after it
/// leaves: the target is made ready (an empty file under another name, which
/// the next restore replaces; a file that is written onto has its new length); parts are written
/// (the same, fuller; a file that is written onto is partly changed, and running the restore again
/// completes it); the target gets its name (done).
/// </summary>
internal sealed class RestoreFlow(EngineOptions options)
    : Flow<RestoreInput, RestoreResult>(RestoreNames.Restore)
{
    private const string Raw = "raw";

    /// <inheritdoc/>
    public override async Task<RestoreResult> RunAsync(IFlowContext context, RestoreInput input)
    {
        var mode = ModeOf(input);
        var plan = await context.RunStepAsync(
            RestoreSteps.Plan,
            new PlanRestoreInput(
                input.Machine, input.Version, input.Disk, mode, input.FromVersion));
        ThrowIfCancelled(context);
        var rehydration = new Rehydration(context, input.Machine, options.Rehydration);
        var needed = new PlanRehydrationInput(
            input.Machine, plan.Source.Version, plan.Source.Disk, 0, null,
            FromVersion: plan.Source.FromVersion);
        var archived = await rehydration.LookAsync(needed);
        if (archived.Parts.Count > 0 && input.Rehydrate is null)
            throw ArchivedRefusal.Of(archived, options.Rehydration);
        var isImage = input.Format is not Raw;
        // Before the wait: that the target cannot be made must not be told a day later.
        var target = await context.RunStepAsync(
            RestoreSteps.Prepare,
            new RestoreTargetRequest(
                input.Target, mode, isImage ? 0 : plan.SizeBytes, plan.KnownLengthBytes));
        try
        {
            var outcome = await WriteAsync(context, input, plan, target, rehydration, archived, needed);
            ThrowIfCancelled(context);
            var length = isImage ? outcome.LengthBytes : plan.SizeBytes;
            await context.RunStepAsync(
                RestoreSteps.Complete,
                target with { Request = target.Request with { LengthBytes = length } });
            await rehydration.EndAsync();
            if (plan.CountsReads) await NoteReadAsync(context, plan.Source);
            return new RestoreResult(
                plan.Source.Machine, plan.Source.Version, plan.Source.Disk, input.Target,
                input.Format, plan.SizeBytes, length, outcome.WrittenBytes, outcome.ZeroedBytes,
                outcome.ComparedBytes, plan.Node)
            {
                RehydratedObjects = rehydration.Objects, RehydratedBytes = rehydration.Bytes,
            };
        }
        catch (Exception error) when (error is SnapshotException or OperationCanceledException)
        {
            await AbandonAsync(context, target);
            await rehydration.EndAsync();
            throw;
        }
    }

    /// <summary>
    /// Brings back what is archived and writes. Should something that is needed have been archived
    /// since, or a copy that another job had made be gone, it is brought back too and all is
    /// written again.
    /// </summary>
    private async Task<RestoreOutcome> WriteAsync(
        IFlowContext context, RestoreInput input, RestorePlan plan, PreparedTarget target,
        Rehydration rehydration, ArchivedSet archived, PlanRehydrationInput needed)
    {
        for (var round = 1; ; round++)
        {
            await rehydration.BringBackAsync(archived, needed, PriorityOf(input));
            ThrowIfCancelled(context);
            try
            {
                return input.Format is Raw
                    ? await WriteShardsAsync(context, plan, target)
                    : await context.RunStepAsync(
                        RestoreSteps.Image, new RestoreImageInput(
                            plan.Source, target, plan.Shards, input.Format));
            }
            catch (StepFailedException error) when (
                error.Code is ArchivedRefusal.ReadCode && input.Rehydrate is not null
                && round < options.Rehydration.MostRounds)
            {
                archived = await rehydration.LookAsync(needed);
            }
        }
    }

    private static RehydrationPriority? PriorityOf(RestoreInput input) => input.Rehydrate switch
    {
        RehydrationWish.Standard => RehydrationPriority.Standard,
        RehydrationWish.High => RehydrationPriority.High,
        _ => null,
    };

    private async Task<RestoreOutcome> WriteShardsAsync(
        IFlowContext context, RestorePlan plan, PreparedTarget target)
    {
        var total = RestoreOutcome.None;
        var done = 0L;
        context.Report(new FlowProgress("restoring", 0, plan.MostBytes, "bytes"));
        var shardsAtOnce = Math.Max(1, options.ChunkSteps / plan.PartsPerShard);
        foreach (var shards in plan.Shards.Chunk(shardsAtOnce))
        {
            ThrowIfCancelled(context);
            var chunk = plan with { Shards = ShardRanges.Of(shards) };
            total = total.Plus(await context.RunFlowAsync(
                RestoreNames.Shards,
                new RestoreShardsInput(chunk, target, done, plan.MostBytes)));
            done += shards.Sum(s => plan.Layout.ShardLength(plan.SizeBytes, s));
            context.Report(new FlowProgress("restoring", done, plan.MostBytes, "bytes"));
        }
        return total;
    }

    private static async Task NoteReadAsync(IFlowContext context, RestoreSource source)
    {
        try
        {
            await context.RunStepAsync(RestoreSteps.NoteRead, source);
        }
        catch (StepFailedException)
        {
            // The disk is restored; a count that is lost moves a base later.
        }
    }

    private static async Task AbandonAsync(IFlowContext context, PreparedTarget target)
    {
        try
        {
            await context.RunStepAsync(RestoreSteps.Abandon, target);
        }
        catch (StepFailedException)
        {
            // What made the restore end is what the user must know; the next one replaces the rest.
        }
    }

    private static RestoreMode ModeOf(RestoreInput input)
    {
        if (input.Format is not Raw
            && !ExportFormats.All.Contains(input.Format, StringComparer.Ordinal))
            throw new RefusedException(
                "format",
                $"A disk is restored as raw, {string.Join(", ", ExportFormats.All)}; not as "
                + $"'{input.Format}'.");
        if (!input.Onto) return input.Overwrite ? RestoreMode.Overwrite : RestoreMode.New;
        if (input.Overwrite)
            throw new RefusedException(
                "onto-overwrite",
                "Either a file is written onto, or a new one takes its place: not both.");
        return input.Format is Raw
            ? RestoreMode.Onto
            : throw new RefusedException(
                "onto-format", "Only a raw disk can be written onto; make a new file instead.");
    }

    private static void ThrowIfCancelled(IFlowContext context)
    {
        if (context.IsCancelRequested)
            throw new OperationCanceledException("The restore was asked to end.");
    }
}
