using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>Withdraw</c>: marks the newest version withdrawn, before anything is moved: from then on it
/// cannot be restored, and a crash leaves an undo that can only go on.
/// </summary>
public sealed class WithdrawStep(StepServices services)
    : Step<UndoPhaseInput, UndoTicket>(PhaseNames.Withdraw)
{
    /// <inheritdoc/>
    public override async Task<UndoTicket> RunAsync(
        UndoPhaseInput input, CancellationToken cancellation)
    {
        UndoTicket? ticket = null;
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                ticket = await WithdrawAsync(edit, input, cancellation);
            },
            cancellation);
        return ticket!;
    }

    private static async Task<UndoTicket> WithdrawAsync(
        ManifestEdit edit, UndoPhaseInput input, CancellationToken cancellation)
    {
        var machine = edit.Head.Machine;
        var number = edit.Before.NewestNumber;
        if (number == 0)
            throw new NoSuchException($"version of '{machine}' to undo", "It has none.");
        var record = (await edit.FindVersionAsync(number, cancellation))!;
        // An expired version that still holds the base may lie above the newest that users see.
        var isHidden = record.State == VersionState.Hidden;
        var ready = new List<int>();
        await foreach (var version in edit.Before.VersionsDescendingAsync(
            to: number - 1, cancellation: cancellation))
        {
            if (version.State == VersionState.Ready) ready.Add(version.Number);
            if (ready.Count == 2) break;
        }
        var newest = isHidden ? ready.FirstOrDefault() : number;
        if (input.Version != 0 && input.Version != newest)
            throw new RefusedException(
                "not-newest", $"Version {input.Version} is not the newest of '{machine}': "
                + $"that is {newest}.");
        var below = ready.FirstOrDefault();
        if (ready.Count < (isHidden ? 2 : 1))
            throw new RefusedException(
                "only-version", $"Version {newest} is the only one of '{machine}'; undoing it "
                + "would leave nothing.");
        var pin = (edit.Head.Pins ?? []).FirstOrDefault(p => p.Version == newest);
        if (pin is not null && record.State != VersionState.Withdrawn)
            throw new RefusedException(
                "pinned", $"Version {newest} of '{machine}' is pinned by {pin.Owner}: unpin it "
                + "first.");
        if (record.State != VersionState.Withdrawn)
            await edit.ReplaceVersionAsync(
                record with { State = VersionState.Withdrawn }, cancellation);
        return new UndoTicket(number, below, isHidden);
    }
}
