using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Steps.Upkeep;

/// <summary>
/// <c>RecordUpkeep</c>: writes down that a part was done. A repeated run changes nothing: the share
/// moves on only from where this one began.
/// </summary>
public sealed class RecordUpkeepStep(StepServices services)
    : Step<UpkeepDone, bool>(UpkeepSteps.Record)
{
    /// <inheritdoc/>
    public override async Task<bool> RunAsync(UpkeepDone input, CancellationToken cancellation)
    {
        await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                edit.SetUpkeep(After(edit.Head.Upkeep ?? new UpkeepRecord(), input));
                return ValueTask.CompletedTask;
            },
            cancellation);
        return true;
    }

    private static UpkeepRecord After(UpkeepRecord record, UpkeepDone done) => done.Part switch
    {
        UpkeepWords.Retention => record with { Retention = done.Time },
        UpkeepWords.Tiering => record with { Tiering = done.Time },
        UpkeepWords.Quick => record with { Quick = done.Time },
        // Another run may have been first, or the policy's days may have changed meanwhile.
        UpkeepWords.Share when done.Share is { } share
            && record.NextShare % share.Parts == share.First => record with
            {
                Share = done.Time, NextShare = (share.First + share.Count) % share.Parts,
            },
        _ => record,
    };
}
