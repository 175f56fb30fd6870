using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>
/// <c>TakeUpload</c>: waits until an upload is the first of its machine, ingests it and removes it,
/// or puts it aside. Each step can be repeated, and a crash between two leaves: an upload that is
/// looked at again; a version whose upload is removed later; an upload that is partly aside, whose
/// rest follows. An error that may pass ends the job as failed and leaves the upload where it is:
/// whoever reconciles the uploads starts it again.
/// </summary>
public sealed class TakeUploadFlow() : Flow<TakeUploadInput, TakeUploadResult>(IntakeNames.TakeUpload)
{
    private const int MostRemovals = 12;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MostWait = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public override async Task<TakeUploadResult> RunAsync(
        IFlowContext context, TakeUploadInput input)
    {
        try
        {
            var look = await WaitForTurnAsync(context, input);
            if (look.Standing is UploadStanding.Incomplete)
                return Result(input, UploadOutcome.Incomplete);
            if (look.Standing is UploadStanding.Changed)
                return Result(input, UploadOutcome.Changed);
            var ingest = await context.RunFlowAsync(FlowNames.Ingest, look.Ingest!);
            await RemoveAsync(
                context,
                new RemoveUploadInput(input.Machine, input.Snapshot, input.Path, look.Files!));
            return Result(input, UploadOutcome.Taken) with { Ingest = ingest };
        }
        catch (StepFailedException error) when (IntakeRules.IsForGood(error.Code))
        {
            var aside = await context.RunStepAsync(
                IntakeNames.PutAside,
                new PutAsideInput(
                    input.Machine, input.Path, context.UtcNow, error.Code, error.Message));
            return Result(input, UploadOutcome.Quarantined) with
            {
                Code = error.Code, Message = error.Message, Place = aside.Place,
            };
        }
    }

    private static async Task<UploadLook> WaitForTurnAsync(
        IFlowContext context, TakeUploadInput input)
    {
        var giveUp = context.UtcNow + Patience;
        for (var wait = FirstWait; ; wait = wait * 2 < MostWait ? wait * 2 : MostWait)
        {
            var look = await context.RunStepAsync(IntakeNames.LookAt, input);
            if (look.Standing is not UploadStanding.Behind) return look;
            if (context.IsCancelRequested)
            {
                throw new StepFailedException(
                    IntakeNames.LookAt.Name, "canceled", "The job was cancelled.");
            }
            if (context.UtcNow >= giveUp)
            {
                // Ended, so that the history stays short; the next reconciliation starts it anew.
                throw new StepFailedException(
                    IntakeNames.LookAt.Name, "upload-waiting", $"Still waiting for '{look.Ahead}'.");
            }
            context.Report(new FlowProgress($"waiting for {look.Ahead}", 0, 0, "upload"));
            await context.DelayUntilAsync(context.UtcNow + wait);
        }
    }

    /// <summary>
    /// The version is stored: an upload that cannot be removed just now must not make the job begin
    /// anew, which would find its snapshot taken.
    /// </summary>
    private static async Task RemoveAsync(IFlowContext context, RemoveUploadInput input)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await context.RunStepAsync(IntakeNames.Remove, input);
                return;
            }
            catch (StepFailedException) when (attempt < MostRemovals)
            {
                await context.DelayUntilAsync(context.UtcNow + TimeSpan.FromMinutes(attempt));
            }
        }
    }

    private static TakeUploadResult Result(TakeUploadInput input, UploadOutcome outcome) =>
        new(input.Machine, input.Snapshot, outcome);
}
