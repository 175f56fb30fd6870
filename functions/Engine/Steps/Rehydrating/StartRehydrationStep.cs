using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>
/// <c>StartRehydration</c>: asks archived objects back: as copies, or each by its own tier,
/// into that in which the engine writes its kind. At high priority only what the account's hour
/// has room for. Run again it finds what it began. One that comes so late that its rehydration has
/// ended takes back the copies it made; what a crash there leaves, the sweep of that rehydration's
/// copies removes.
/// </summary>
public sealed class StartRehydrationStep(StepServices services)
    : Step<StartRehydrationInput, StartedRehydration>(RehydrationSteps.Start)
{
    private readonly HighRequests _high = new(
        services.DeltaStore, services.Time, services.Options.Rehydration);

    /// <inheritdoc/>
    public override async Task<StartedRehydration> RunAsync(
        StartRehydrationInput input, CancellationToken cancellation)
    {
        await RequireListedAsync(input, cancellation);
        var started = await GrantedAsync(input, cancellation);
        foreach (var wanted in input.Objects.Take(started.Count))
        {
            if (RehydrationWays.Copies(input.Ticket.Way, wanted.Name))
                await CopyAsync(input, wanted.Name, cancellation);
            else
                await MoveAsync(wanted.Name, input.Ticket.Priority, cancellation);
        }
        await RequireListedAsync(input, cancellation);
        return started;
    }

    private async Task<StartedRehydration> GrantedAsync(
        StartRehydrationInput input, CancellationToken cancellation)
    {
        if (input.Ticket.Priority != RehydrationPriority.High || input.Objects.Count == 0)
            return new StartedRehydration(input.Objects.Count);
        return await _high.GrantAsync(
            $"{input.Machine}/{input.Ticket.Operation}/{input.Objects[0].Name}",
            [.. input.Objects.Select(o => o.LengthBytes)], cancellation);
    }

    private async Task CopyAsync(
        StartRehydrationInput input, string name, CancellationToken cancellation)
    {
        try
        {
            // Hot, whatever the object's own tier was: a copy goes within days, and the colder
            // tiers bill a month or more of each.
            await services.DeltaStore.CopyAsync(
                name, CopyOf(input, name),
                new CopyOptions(StorageTier.Hot, input.Ticket.Priority), cancellation);
        }
        catch (StoreException error)
            when (error is ObjectNotFoundException or ObjectArchivedException)
        {
            // The object was replaced, or is on its own way back: the next look will tell.
        }
    }

    private async Task MoveAsync(
        string name, RehydrationPriority priority, CancellationToken cancellation)
    {
        var store = new ArchivedData(services.BaseStore, services.DeltaStore).StoreOf(name);
        var found = await store.FindAsync(name, cancellation);
        if (found is not { Tier: StorageTier.Archive }) return;
        if (found.RehydratingTo is not null && priority != RehydrationPriority.High) return;
        try
        {
            await store.SetTierAsync(
                name, found.RehydratingTo ?? TierOf(name), priority, cancellation);
        }
        catch (StoreException error)
            when (error is ObjectNotFoundException or ObjectArchivedException)
        {
            // Gone meanwhile, or on its way to another tier: nothing is left to be asked.
        }
    }

    /// <summary>Goes on while the rehydration is listed; else takes back what was made.</summary>
    /// <exception cref="SupersededException">It has ended.</exception>
    private async Task RequireListedAsync(
        StartRehydrationInput input, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        if (manifest.Head.Rehydrated?.Any(r => r.Operation == input.Ticket.Operation) == true)
            return;
        foreach (var (name, _) in input.Objects)
            await services.DeltaStore.DeleteAsync(
                CopyOf(input, name), ifMatch: null, cancellation);
        throw new SupersededException(
            input.Ticket.Operation, manifest.Head.NextOperation - 1,
            ObjectNames.Head(input.Machine));
    }

    private static string CopyOf(StartRehydrationInput input, string name) =>
        ObjectNames.Rehydrated(input.Machine, input.Ticket.Operation, name);

    private StorageTier TierOf(string name)
    {
        var options = services.Options;
        var tier = ObjectNames.TryParseDelta(name, out _, out var delta)
            ? delta.IsForward ? options.ForwardTier : options.ReverseTier
            : ObjectNames.TryParsePack(name, out _, out _, out _)
                ? options.ReverseTier : options.BaseTier;
        return tier == StorageTier.Archive ? StorageTier.Cool
            : tier == StorageTier.Default ? StorageTier.Hot : tier;
    }
}
