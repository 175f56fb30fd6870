using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>
/// <c>OpenRehydration</c>: lists a rehydration before it makes its first copy, so that none is ever
/// lost. A job has one; asked again it answers that one. Needs no turn. A crash after it leaves a
/// record without copies, which goes with its time.
/// </summary>
public sealed class OpenRehydrationStep(StepServices services)
    : Step<OpenRehydrationInput, RehydrationTicket>(RehydrationSteps.Open)
{
    /// <inheritdoc/>
    public override async Task<RehydrationTicket> RunAsync(
        OpenRehydrationInput input, CancellationToken cancellation)
    {
        RehydratedRecord? listed = null;
        var manifest = await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                listed = edit.Head.Rehydrated?.FirstOrDefault(
                    r => string.Equals(r.Job, input.Job, StringComparison.Ordinal));
                if (listed is null)
                    listed = edit.ListRehydration(number => RecordOf(input, number, edit.Now));
                else if (input.Objects > listed.Objects)
                    edit.ReplaceRehydration(
                        listed with { Objects = input.Objects, Bytes = input.Bytes });
                return ValueTask.CompletedTask;
            },
            cancellation);
        var settings = manifest.Head.Policy.Rehydration ?? RehydrationSettings.Default;
        return new RehydrationTicket(
            listed!.Operation, settings.Way, input.Priority ?? settings.Priority);
    }

    private RehydratedRecord RecordOf(
        OpenRehydrationInput input, long number, DateTimeOffset now) => new()
        {
            Operation = number,
            Job = input.Job,
            Version = input.Version,
            Disk = input.Disk,
            Started = now,
            Until = now + services.Options.Rehydration.LostJobTime,
            Objects = input.Objects,
            Bytes = input.Bytes,
        };
}
