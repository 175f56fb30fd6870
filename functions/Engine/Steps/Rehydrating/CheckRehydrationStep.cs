using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>
/// <c>CheckRehydration</c>: tells how many of some objects cannot be read yet, and says that the
/// job lives, so that its copies stay.
/// </summary>
public sealed class CheckRehydrationStep(StepServices services)
    : Step<CheckRehydrationInput, RehydrationState>(RehydrationSteps.Check)
{
    /// <inheritdoc/>
    public override async Task<RehydrationState> RunAsync(
        CheckRehydrationInput input, CancellationToken cancellation)
    {
        await RenewAsync(input, cancellation);
        var (waiting, lost) = (0, 0);
        foreach (var name in input.Names)
        {
            if (await WaitedForAsync(input, name, cancellation) is not { } isOnItsWay) continue;
            waiting++;
            if (!isOnItsWay) lost++;
        }
        return new RehydrationState(waiting, lost);
    }

    /// <summary>Null for what can be read or is gone; else whether it is on its way.</summary>
    private async Task<bool?> WaitedForAsync(
        CheckRehydrationInput input, string name, CancellationToken cancellation)
    {
        var store = new ArchivedData(services.BaseStore, services.DeltaStore).StoreOf(name);
        var ticket = input.Ticket;
        if (RehydrationWays.Copies(ticket.Way, name))
        {
            var copy = await services.DeltaStore.FindAsync(
                ObjectNames.Rehydrated(input.Machine, ticket.Operation, name), cancellation);
            if (copy is { Tier: not StorageTier.Archive }) return null;
            if (copy is { RehydratingTo: not null }) return true;
        }
        // Gone: the base has moved or the version has expired, and the next look tells what is
        // needed instead.
        var found = await store.FindAsync(name, cancellation);
        if (found is not { Tier: StorageTier.Archive }) return null;
        return found.RehydratingTo is not null;
    }

    private async Task RenewAsync(CheckRehydrationInput input, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        var listed = manifest.Head.Rehydrated?.FirstOrDefault(
            r => r.Operation == input.Ticket.Operation)
            ?? throw new SupersededException(
                input.Ticket.Operation, manifest.Head.NextOperation - 1,
                ObjectNames.Head(input.Machine));
        var whole = services.Options.Rehydration.LostJobTime;
        if (listed.Until - services.Time.GetUtcNow() > whole / 2) return;
        await services.Manifests.UpdateAsync(
            input.Machine,
            edit =>
            {
                if (edit.FindRehydration(listed.Operation) is { } record)
                    edit.ReplaceRehydration(record with { Until = edit.Now + whole });
                return ValueTask.CompletedTask;
            },
            cancellation);
    }
}
