using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.Engine.Steps.Rewriting;
using SnapshotFunctions.TestShared.Time;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Proofs;

/// <summary>
/// A program that lays sectors wrongly or takes them from the wrong delta, and deltas whose bytes
/// have changed: the composition stops, and no version is lost.
/// </summary>
public sealed class WrongCompositionTests
{
    public static TheoryData<string, bool> AllMistakes()
    {
        var data = new TheoryData<string, bool>();
        foreach (var mistake in WrongOverlay.Mistakes.Append("none"))
        {
            data.Add(mistake, true);
            data.Add(mistake, false);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(AllMistakes))]
    public async Task A_wrong_overlay_is_stopped(string mistake, bool isForwards)
    {
        var (rig, inputs) = await OpenedAsync(isForwards);
        Assert.NotEmpty(inputs);
        var stopped = 0;
        foreach (var input in inputs)
        {
            var step = new ComposeShardStep(
                NewLife(rig).Services, new WrongOverlay(mistake), places => places);
            var before = rig.Delta.Fingerprint();
            try
            {
                await step.RunAsync(input, default);
            }
            catch (ProofFailedException)
            {
                stopped++;
                Assert.Equal(before, rig.Delta.Fingerprint());
            }
        }
        // What is not stopped was not wrong: a mask that is ignored where all sectors are taken.
        Assert.InRange(stopped, mistake is "none" ? 0 : 1, mistake is "none" ? 0 : inputs.Count);
        await rig.CheckAsync(mistake);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deltas_in_a_wrong_order_are_stopped(bool isForwards)
    {
        var (rig, inputs) = await OpenedAsync(isForwards);
        var stopped = 0;
        foreach (var input in inputs)
        {
            var step = new ComposeShardStep(
                NewLife(rig).Services, new SectorOverlay(), places => [.. places.Reverse()]);
            try
            {
                // One delta alone has no order.
                await step.RunAsync(input, default);
            }
            catch (ProofFailedException)
            {
                stopped++;
            }
        }
        Assert.InRange(stopped, 1, inputs.Count);
        await rig.CheckAsync("in a wrong order");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_byte_of_any_source_is_stopped(bool isForwards)
    {
        var (rig, inputs) = await OpenedAsync(isForwards);
        var tried = 0;
        foreach (var input in inputs)
        {
            var sources = rig.Delta.Names(ObjectNames.Shard(input.Key))
                .Where(n => n.EndsWith(".dat", StringComparison.Ordinal)
                    && ObjectNames.TryParseDelta(n, out _, out var key)
                    && key.IsForward == input.Delta.IsForward
                    && key.Edge > input.Lower && key.Edge <= input.Upper);
            foreach (var name in sources)
            {
                Assert.True(ObjectNames.TryParseDelta(name, out var shard, out var key));
                var index = await NewLife(rig).Services.Resolver.Indexes.DeltaAsync(
                    shard, key, default);
                // One that makes zeros alone holds nothing but the copy of its index.
                if (index.DataBytes == 0) continue;
                tried++;
                rig.Delta.FlipByte(name, index.DataBytes - 1);
                var error = await Assert.ThrowsAnyAsync<SnapshotException>(
                    () => new ComposeShardStep(NewLife(rig).Services).RunAsync(input, default));
                Assert.True(error is CorruptObjectException or ProofFailedException, $"{error}");
                rig.Delta.FlipByte(name, index.DataBytes - 1);
            }
        }
        Assert.True(tried >= 6, $"{tried} sources");
        await rig.CheckAsync("the flips taken back");
    }

    /// <summary>An opened expiry of two neighbours, and every delta that it is to make.</summary>
    private static async Task<(Rig Rig, List<ComposeShardInput> Inputs)> OpenedAsync(
        bool isForwards)
    {
        var (rig, _) = await Scenes.PreparedAsync(BaseRuleSettings.AfterForwards, 6);
        if (!isForwards) await rig.ConsolidateAsync(6);
        var services = NewLife(rig).Services;
        var turn = await services.Manifests.AcquireTurnAsync(
            Rig.Machine, services.OwnerOf("bench"));
        var ticket = await new OpenExpiryStep(services).RunAsync(
            new OpenExpiryInput(Rig.Machine, "bench", 0, turn.Epoch, [3, 4]), default);
        return (rig,
        [
            .. ticket.Sets.SelectMany(set => set.Shards.Select(shard => new ComposeShardInput(
                Rig.Machine, set.Disk, shard, ticket.Operation, turn.Epoch, set.From, set.To))),
        ]);
    }

    private static Life NewLife(Rig rig) => new(
        rig.Base, rig.Delta, rig.Sources, new ManualTimeProvider(), rig.Options,
        rig.ManifestOptions);
}
