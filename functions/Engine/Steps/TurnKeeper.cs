using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps;

/// <summary>
/// Lets the machine's claim run on while a long step works. When the turn is lost, the step is
/// cancelled: safety does not rest on it (commits are conditional), but its work would be in vain.
/// </summary>
internal static class TurnKeeper
{
    public static async Task<T> KeepAsync<T>(
        StepServices services, Manifest manifest, long epoch,
        Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (manifest.Head.Claim is { } claim && claim.Epoch == epoch
            && !claim.Owner.EndsWith(services.Options.ProcessOwner, StringComparison.Ordinal))
        {
            // The job goes on in this process; its turn must not pass for a dead one's.
            await services.Manifests.RenewTurnAsync(
                manifest.Machine, epoch, services.Options.ProcessOwner, cancellation);
        }
        using var timer = new PeriodicTimer(services.Options.RenewEvery, services.Time);
        var keeping = RenewAsync(services, manifest.Machine, epoch, ended, timer);
        try
        {
            return await work(ended.Token);
        }
        catch (OperationCanceledException)
            when (ended.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // Who ended the work is about to say why.
            await keeping;
            throw;
        }
        finally
        {
            // Not by a token: a wait that is cancelled throws, and most steps are over before it.
            timer.Dispose();
            await keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task RenewAsync(
        StepServices services, string machine, long epoch, CancellationTokenSource work,
        PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                await services.Manifests.RenewTurnAsync(
                    machine, epoch, cancellation: CancellationToken.None);
            }
            catch (TurnLostException)
            {
                await work.CancelAsync();
                throw;
            }
            catch (StoreException)
            {
                // The next tick tries again; the claim outlasts several of them.
            }
        }
    }
}
