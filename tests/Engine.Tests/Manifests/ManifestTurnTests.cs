using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using Xunit;

namespace SnapshotFunctions.EngineTests.Manifests;

public sealed class ManifestTurnTests
{
    private const string Machine = ManifestFixture.Machine;

    [Fact]
    public async Task A_turn_is_taken_by_one_and_refused_to_others_until_it_ends()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var claim = await fixture.Store.AcquireTurnAsync(Machine, "a");
        Assert.Equal(new Claim("a", 1, fixture.Clock.GetUtcNow().AddSeconds(60)), claim);
        var error = await Assert.ThrowsAsync<TurnTakenException>(
            () => fixture.Fresh().AcquireTurnAsync(Machine, "b"));
        Assert.Equal(("a", claim.Until), (error.Owner, error.Until));
        fixture.Clock.Advance(TimeSpan.FromSeconds(59));
        await Assert.ThrowsAsync<TurnTakenException>(
            () => fixture.Store.AcquireTurnAsync(Machine, "b"));
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, (await fixture.Store.AcquireTurnAsync(Machine, "b")).Epoch);
    }

    [Fact]
    public async Task Who_lost_the_turn_changes_nothing()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var old = await fixture.Store.AcquireTurnAsync(Machine, "a");
        fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        await fixture.UpdateAsync(e => e.RequireTurn(old.Epoch));
        await fixture.Store.AcquireTurnAsync(Machine, "b");
        var before = fixture.Base.Fingerprint();
        var error = await Assert.ThrowsAsync<TurnLostException>(() => fixture.UpdateAsync(e =>
        {
            e.RequireTurn(old.Epoch);
            e.SetPolicy(e.Head.Policy with { GraceSeconds = 1 });
        }));
        Assert.Equal((1, 2), (error.Epoch, error.Newest));
        await Assert.ThrowsAsync<TurnLostException>(
            () => fixture.Store.RenewTurnAsync(Machine, old.Epoch));
        await fixture.Store.ReleaseTurnAsync(Machine, old.Epoch);
        Assert.Equal(before, fixture.Base.Fingerprint());
    }

    [Fact]
    public async Task A_renewed_turn_runs_on_and_a_released_one_is_free_at_a_higher_epoch()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var claim = await fixture.Store.AcquireTurnAsync(Machine, "a");
        fixture.Clock.Advance(TimeSpan.FromSeconds(50));
        await fixture.Store.RenewTurnAsync(Machine, claim.Epoch);
        fixture.Clock.Advance(TimeSpan.FromSeconds(50));
        await Assert.ThrowsAsync<TurnTakenException>(
            () => fixture.Store.AcquireTurnAsync(Machine, "b"));
        await fixture.Store.ReleaseTurnAsync(Machine, claim.Epoch);
        var manifest = await fixture.Store.LoadAsync(Machine);
        Assert.Null(manifest.Head.Claim);
        await Assert.ThrowsAsync<TurnLostException>(
            () => fixture.UpdateAsync(e => e.RequireTurn(claim.Epoch)));
        Assert.Equal(2, (await fixture.Store.AcquireTurnAsync(Machine, "b")).Epoch);
        // The same job keeps its turn, also from another process; a repeat must change nothing.
        Assert.Equal(2, (await fixture.Store.AcquireTurnAsync(Machine, "b")).Epoch);
        Assert.Equal(2, (await fixture.Store.AcquireTurnAsync(Machine, "b|other")).Epoch);
    }

    [Fact]
    public async Task The_turn_of_a_dead_owner_is_taken_at_once()
    {
        var fixture = new ManifestFixture(
            isOwnerGone: o => string.Equals(o, "dead", StringComparison.Ordinal));
        await fixture.Store.CreateAsync(Machine, ManifestFixture.Layout, MachinePolicy.Default);
        await fixture.Store.AcquireTurnAsync(Machine, "dead");
        Assert.Equal(2, (await fixture.Store.AcquireTurnAsync(Machine, "alive")).Epoch);
        await Assert.ThrowsAsync<TurnTakenException>(
            () => fixture.Store.AcquireTurnAsync(Machine, "dead"));
    }

    [Fact]
    public async Task Of_eight_that_want_the_turn_at_once_one_gets_it()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var got = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            try
            {
                return (await fixture.Fresh().AcquireTurnAsync(Machine, $"owner-{i}")).Owner;
            }
            catch (TurnTakenException)
            {
                return null;
            }
        })));
        var winner = Assert.Single(got, o => o is not null);
        var head = (await fixture.Store.LoadAsync(Machine)).Head;
        Assert.Equal(winner, head.Claim!.Owner);
        Assert.Equal(1, head.Epoch);
    }
}
