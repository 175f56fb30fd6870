using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>The turn of a machine: one flow at a time changes a manifest.</content>
public sealed partial class ManifestStore
{
    /// <summary>
    /// Takes the turn under a new epoch, when nobody has it, its claim has ended, its owner is the
    /// same (an earlier try of it is superseded) or known to be gone.
    /// </summary>
    /// <exception cref="TurnTakenException">Somebody else has it.</exception>
    public async Task<Claim> AcquireTurnAsync(
        string machine, string owner, CancellationToken cancellation = default)
    {
        Claim? taken = null;
        await UpdateAsync(
            machine,
            edit =>
            {
                if (edit.Head.Claim is { } held && held.Until > edit.Now
                    && !string.Equals(held.Owner, owner, StringComparison.Ordinal)
                    && isOwnerGone?.Invoke(held.Owner) != true)
                {
                    throw new TurnTakenException(machine, held.Owner, held.Until);
                }
                taken = new Claim(owner, edit.Head.Epoch + 1, edit.Now + _options.ClaimLength);
                edit.SetClaim(taken);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return taken!;
    }

    /// <summary>
    /// Lets the claim run on; also one that has ended, as long as nobody took the turn since.
    /// </summary>
    /// <exception cref="TurnLostException">The turn is over.</exception>
    public async Task<Claim> RenewTurnAsync(
        string machine, long epoch, CancellationToken cancellation = default)
    {
        Claim? renewed = null;
        await UpdateAsync(
            machine,
            edit =>
            {
                edit.RequireTurn(epoch);
                renewed = edit.Head.Claim! with { Until = edit.Now + _options.ClaimLength };
                edit.SetClaim(renewed);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return renewed!;
    }

    /// <summary>Gives the turn back; does nothing when it is over already.</summary>
    public async Task ReleaseTurnAsync(
        string machine, long epoch, CancellationToken cancellation = default) =>
        await UpdateAsync(
            machine,
            edit =>
            {
                if (edit.Head.Claim?.Epoch == epoch) edit.SetClaim(null);
                return ValueTask.CompletedTask;
            },
            cancellation);
}
