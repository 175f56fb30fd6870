using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// The way to a machine for a command that changes it: waits until no other process that is alive
/// works on it, then ends what was interrupted, and keeps others waiting until disposed of. Within
/// the process it is first come, first served: the lease is for other processes.
/// </summary>
internal sealed class MachineDrive : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly IDisposable _pass;
    private readonly DriverLease _lease;

    private MachineDrive(
        IDisposable pass, DriverLease lease, IReadOnlyList<ResumedJob> resumed) =>
        (_pass, _lease, Resumed) = (pass, lease, resumed);

    /// <summary>What was found interrupted, as it stands now.</summary>
    public IReadOnlyList<ResumedJob> Resumed { get; }

    /// <summary>Waits, and ends what was interrupted.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="machine">The machine; it need not be there yet.</param>
    /// <param name="wait">How long to wait for other processes at most.</param>
    /// <param name="onWait">Told once who is waited for.</param>
    /// <param name="cancellation">Ends the wait, and stops what is being resumed.</param>
    /// <exception cref="TurnTakenException">Others were still at work at the end.</exception>
    public static async Task<MachineDrive> EnterAsync(
        LocalEngine engine, string machine, TimeSpan wait, Action<string> onWait,
        CancellationToken cancellation)
    {
        var pass = await engine.Gates.EnterAsync(machine, cancellation);
        DriverLease? lease = null;
        try
        {
            var giveUp = engine.Time.GetUtcNow() + wait;
            lease = await DriverLease.TakeAsync(
                engine.Store.Base, machine, wait, engine.Time, onWait, cancellation);
            await WaitForTurnAsync(engine, machine, giveUp, onWait, cancellation);
            return new MachineDrive(
                pass, lease, await ResumeAsync(engine, machine, cancellation));
        }
        catch
        {
            if (lease is not null) await lease.DisposeAsync();
            pass.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _lease.DisposeAsync();
        _pass.Dispose();
    }

    /// <summary>
    /// One after the other, in the order in which they were asked for: side by side, whichever
    /// comes to the machine's turn first would go first.
    /// </summary>
    private static async Task<IReadOnlyList<ResumedJob>> ResumeAsync(
        LocalEngine engine, string machine, CancellationToken cancellation)
    {
        var resumed = new List<ResumedJob>();
        foreach (var job in await engine.Runner.ListRunningAsync(cancellation))
        {
            if (job.State != JobState.Running
                || !string.Equals(job.Subject, machine, StringComparison.Ordinal)) continue;
            resumed.Add(await engine.Runner.ResumeAsync(job, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
        return resumed;
    }

    /// <summary>
    /// Waits while somebody has the machine's turn who is no job of this store's runner: another
    /// host that works on the same store.
    /// </summary>
    private static async Task WaitForTurnAsync(
        LocalEngine engine, string machine, DateTimeOffset giveUp, Action<string> onWait,
        CancellationToken cancellation)
    {
        var told = false;
        while (await engine.Manifests.FindAsync(machine, cancellation) is { Head.Claim: { } claim }
            && await IsOthersAsync(engine, claim, cancellation))
        {
            if (engine.Time.GetUtcNow() >= giveUp)
                throw new TurnTakenException(machine, DriverLease.ProcessOf(claim.Owner), claim.Until);
            if (!told) onWait(DriverLease.ProcessOf(claim.Owner));
            told = true;
            await Task.Delay(LookEvery, engine.Time, cancellation);
        }
    }

    private static async Task<bool> IsOthersAsync(
        LocalEngine engine, Claim claim, CancellationToken cancellation)
    {
        if (claim.Until <= engine.Time.GetUtcNow() || ProcessOwner.IsGone(claim.Owner)) return false;
        // With the lease in hand, nobody drives a job of this runner: it is ours to resume. A
        // sub-flow's id begins with its job's.
        var job = claim.Owner.Split('|', ':')[0];
        return !IsJobId(job)
            || await engine.Runner.GetAsync(job, cancellation) is null;
    }

    private static bool IsJobId(string text) =>
        text.Length is > 0 and <= 200
        && char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or '_');
}
