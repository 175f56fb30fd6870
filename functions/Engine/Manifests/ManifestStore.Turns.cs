using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>The turn of a machine: one flow at a time changes a manifest.</content>
public sealed partial class ManifestStore
{
    /// <summary>
    /// Takes the turn under a new epoch, when nobody has it, its claim has ended, or its owner is
    /// known to be gone. An owner is <c>job</c> or <c>job|process</c>: the job that has the turn
    /// already keeps it and its epoch, also from another process, so that taking it twice or after
    /// a restart changes nothing.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="owner">Who takes it.</param>
    /// <param name="afterEpoch">The epoch that the turn must follow; null: whichever is newest.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="TurnLostException">Another epoch has begun since that one.</exception>
    /// <exception cref="TurnTakenException">Somebody else has it.</exception>
    public async Task<Claim> AcquireTurnAsync(
        string machine, string owner, long? afterEpoch = null,
        CancellationToken cancellation = default)
    {
        Claim? taken = null;
        await UpdateAsync(
            machine,
            edit =>
            {
                var isOwn = edit.Head.Claim is { } own && JobOf(own.Owner).SequenceEqual(JobOf(owner));
                if (!isOwn && edit.Head.Claim is { } held && held.Until > edit.Now
                    && isOwnerGone?.Invoke(held.Owner) != true)
                {
                    throw new TurnTakenException(machine, held.Owner, held.Until);
                }
                if (!isOwn && afterEpoch is { } after && edit.Head.Epoch != after)
                    throw new TurnLostException(machine, after + 1, edit.Head.Epoch);
                var epoch = isOwn ? edit.Head.Epoch : edit.Head.Epoch + 1;
                taken = new Claim(owner, epoch, edit.Now + _options.ClaimLength);
                edit.SetClaim(taken);
                return ValueTask.CompletedTask;
            },
            cancellation);
        return taken!;
    }

    /// <summary>
    /// Lets the claim run on; also one that has ended, as long as nobody took the turn since.
    /// A process, if given, takes the place of the one in the owner: the job goes on there.
    /// </summary>
    /// <exception cref="TurnLostException">The turn is over.</exception>
    public async Task<Claim> RenewTurnAsync(
        string machine, long epoch, string? process = null, CancellationToken cancellation = default)
    {
        Claim? renewed = null;
        await UpdateAsync(
            machine,
            edit =>
            {
                edit.RequireTurn(epoch);
                renewed = edit.Head.Claim! with
                {
                    Owner = process is null
                        ? edit.Head.Claim!.Owner
                        : $"{JobOf(edit.Head.Claim!.Owner)}|{process}",
                    Until = edit.Now + _options.ClaimLength,
                };
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

    private static ReadOnlySpan<char> JobOf(string owner)
    {
        var end = owner.IndexOf('|', StringComparison.Ordinal);
        return end < 0 ? owner : owner.AsSpan(0, end);
    }
}
