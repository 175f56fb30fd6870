using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Check;

public sealed class VerifyTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(CheckDepth.Quick)]
    [InlineData(CheckDepth.Sampled)]
    [InlineData(CheckDepth.Full)]
    public async Task A_sound_machine_has_no_findings(CheckDepth depth)
    {
        var fixture = await CheckFixture.MadeAsync();
        for (var version = 1; version <= 8; version++)
            Assert.Equal(fixture.Images[version - 1], await fixture.ReadAsync(version));
        var result = await fixture.VerifyAsync(depth, percent: 50);
        Assert.True(result.IsSound, Tell(result));
        Assert.Empty(result.Tally.Findings);
        Assert.Equal(8, result.Tally.Versions);
        Assert.Equal(3, result.Tally.Shards);
        Assert.True(result.Tally.Deltas >= 14, $"{result.Tally.Deltas} deltas");
        Assert.Equal(depth == CheckDepth.Quick, result.Tally.Blocks == 0);
    }

    [Fact]
    public async Task Full_finds_every_flipped_byte_of_every_object_and_names_it()
    {
        const int Seed = 7;
        output.WriteLine($"seed {Seed}");
        var made = await CheckFixture.MadeAsync();
        var random = new Random(Seed);
        var objects = Objects(made);
        var flips = 0;
        // Every kind and object several times, then more at random.
        foreach (var (isBase, found) in objects.Concat(objects).Concat(objects)
            .Concat(Enumerable.Range(0, 400).Select(_ => objects[random.Next(objects.Count)])))
        {
            var fixture = new CheckFixture(made);
            var offset = random.NextInt64(found.LengthBytes);
            (isBase ? fixture.Base : fixture.Delta).FlipByte(found.Name, offset);
            var result = await fixture.VerifyAsync(CheckDepth.Full);
            Assert.False(result.IsSound, $"byte {offset} of {found.Name} (base: {isBase})");
            var finding = result.Tally.Findings.FirstOrDefault(f => f.Object == found.Name);
            Assert.True(finding is not null, $"{found.Name} at {offset}: {Tell(result)}");
            if (!found.Name.Contains("/heads/", StringComparison.Ordinal))
                Assert.NotEmpty(finding.Versions);
            flips++;
        }
        output.WriteLine($"{flips} flips found in {objects.Count} objects");
        Assert.True(flips >= 500, $"{flips}");
    }

    [Fact]
    public async Task Quick_finds_every_object_that_is_gone_and_names_it()
    {
        var made = await CheckFixture.MadeAsync();
        foreach (var (isBase, found) in Objects(made))
        {
            var fixture = new CheckFixture(made);
            await (isBase ? fixture.Base : fixture.Delta).DeleteAsync(found.Name);
            var result = await fixture.VerifyAsync(CheckDepth.Quick);
            var isCopy = found.Name.Contains("/heads/", StringComparison.Ordinal);
            Assert.True(isCopy || !result.IsSound, found.Name);
            Assert.Contains(result.Tally.Findings, f => f.Object == found.Name);
        }
    }

    [Fact]
    public async Task A_damaged_reverse_delta_affects_the_versions_before_it_only()
    {
        var fixture = await CheckFixture.MadeAsync();
        var found = Objects(fixture).First(
            o => o.Found.Name.Contains("/000000/00000004-00000003-", StringComparison.Ordinal)
                && o.Found.Name.EndsWith(".dat", StringComparison.Ordinal)).Found;
        fixture.Delta.FlipByte(found.Name, 3);
        var result = await fixture.VerifyAsync(CheckDepth.Full);
        Assert.All(
            result.Tally.Findings.Where(f => f.Object == found.Name),
            f => Assert.Equal("1-3", f.Versions));
        Assert.False(result.IsSound);
    }

    [Fact]
    public async Task An_orphan_is_counted_and_warned_of()
    {
        var fixture = await CheckFixture.MadeAsync();
        var shard = new ShardKey(CheckFixture.Machine, CheckFixture.Disk, 0);
        await fixture.Delta.PutAsync(
            ObjectNames.DeltaData(shard, new DeltaKey(3, 9, 77)), new byte[10], new());
        var result = await fixture.VerifyAsync(CheckDepth.Quick);
        Assert.True(result.IsSound, Tell(result));
        Assert.Equal((1, 10), (result.Tally.Orphans, result.Tally.OrphanBytes));
        Assert.Single(result.Tally.Findings);
    }

    [Fact]
    public async Task Archived_data_is_told_as_not_read_and_is_no_error()
    {
        var fixture = await CheckFixture.MadeAsync();
        var found = Objects(fixture).First(
            o => o.Found.Name.Contains("00000002-00000001-", StringComparison.Ordinal)
                && o.Found.Name.EndsWith(".dat", StringComparison.Ordinal)).Found;
        await fixture.Delta.SetTierAsync(found.Name, Engine.Ports.StorageTier.Archive);
        var result = await fixture.VerifyAsync(CheckDepth.Full);
        Assert.True(result.IsSound, Tell(result));
        Assert.Equal(1, result.Tally.Archived);
    }

    [Fact]
    public async Task A_consolidation_that_stopped_before_it_closed_is_no_error()
    {
        var fixture = await CheckFixture.MadeAsync();
        await fixture.ConsolidateAsync(8, closes: false);
        var result = await fixture.VerifyAsync(CheckDepth.Full);
        Assert.True(result.IsSound, Tell(result));
        Assert.Empty(result.Tally.Findings);
    }

    [Fact]
    public async Task Sampled_rotations_come_by_every_page()
    {
        var fixture = await CheckFixture.MadeAsync();
        var key = new ShardKey(CheckFixture.Machine, CheckFixture.Disk, 0);
        var footer = (await BaseState.ReadAsync(
            fixture.Base, key, null, CancellationToken.None)).Footer!;
        var offset = footer.Segments.Sum(s => (long)s.LengthBytes);
        foreach (var page in footer.Pages)
        {
            fixture.Base.FlipByte(ObjectNames.Base(key), offset + 20);
            offset += page.LengthBytes;
        }
        var found = new List<int>();
        for (var rotation = 0; rotation < 5; rotation++)
        {
            var result = await fixture.VerifyAsync(CheckDepth.Sampled, percent: 20, rotation);
            found.AddRange(footer.Pages.Select(p => p.Number).Where(n =>
                result.Tally.Findings.Any(f => f.Expected.StartsWith(
                    $"index page {n} ", StringComparison.Ordinal))));
        }
        // Each page once: the rotations share them out.
        Assert.Equal(footer.Pages.Select(p => p.Number), found.Order());
    }

    [Fact]
    public async Task A_consolidation_and_a_sweep_beside_it_make_no_false_findings()
    {
        var made = await CheckFixture.MadeAsync();
        var counted = new SimulatedProcess();
        await new CheckFixture(made).VerifyAsync(CheckDepth.Full, process: counted);
        Assert.True(counted.Operations > 60, $"{counted.Operations} operations");
        for (var number = 1L; number <= counted.Operations; number += 2)
        {
            var fixture = new CheckFixture(made);
            var pause = new StorePause();
            var process = new SimulatedProcess
            {
                Faults = o => o.Number == number ? StoreFault.PauseBefore(pause) : StoreFault.None,
            };
            var verifying = fixture.VerifyAsync(CheckDepth.Full, process: process);
            await pause.Reached;
            await fixture.ConsolidateAsync(8);
            await fixture.SweepAsync();
            pause.Resume();
            var result = await verifying;
            Assert.True(result.IsSound, $"at operation {number}: {Tell(result)}");
        }
    }

    [Fact]
    public async Task Findings_of_a_ruin_are_counted_but_stay_small()
    {
        var fixture = await CheckFixture.MadeAsync();
        foreach (var (_, found) in Objects(fixture).Where(o => !o.IsBase))
            await fixture.Delta.DeleteAsync(found.Name);
        var result = await fixture.VerifyAsync(CheckDepth.Full);
        Assert.False(result.IsSound);
        Assert.True(result.Tally.Findings.Count <= 50);
        Assert.True(result.Tally.Errors >= 20, $"{result.Tally.Errors}");
    }

    internal static List<(bool IsBase, ObjectFingerprint Found)> Objects(CheckFixture fixture) =>
    [
        .. fixture.Base.Fingerprint().Select(f => (true, f)),
        .. fixture.Delta.Fingerprint().Select(f => (false, f)),
    ];

    private static string Tell(VerifyResult result) =>
        string.Join(Environment.NewLine, result.Tally.Findings);
}
