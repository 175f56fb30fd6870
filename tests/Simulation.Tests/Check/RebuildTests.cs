using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Rebuilding;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Check;

public sealed class RebuildTests
{
    private static readonly string Head = ObjectNames.Head(CheckFixture.Machine);

    [Fact]
    public async Task A_lost_head_comes_back_from_its_copy_with_every_fingerprint()
    {
        var fixture = await CheckFixture.MadeAsync();
        var before = await VersionsAsync(fixture);
        var old = (await fixture.Services.Manifests.LoadAsync(CheckFixture.Machine)).Head;
        await fixture.Base.DeleteAsync(Head);
        var result = await RebuildAsync(fixture);
        Assert.Equal("copy", result.Source);
        Assert.Empty(result.Notes);
        await SameAsync(fixture, before, cards: true);
        var head = (await fixture.NewServices().Manifests.LoadAsync(CheckFixture.Machine)).Head;
        Assert.True(head.NextOperation > old.NextOperation && head.NextVersion >= old.NextVersion
            && head.Revision > old.Revision && head.Epoch > old.Epoch);
    }

    [Fact]
    public async Task A_damaged_head_is_kept_aside_and_made_anew()
    {
        var fixture = await CheckFixture.MadeAsync();
        var before = await VersionsAsync(fixture);
        fixture.Base.FlipByte(Head, 100);
        var damaged = fixture.Base.Peek(Head)!;
        Assert.Equal("copy", (await RebuildAsync(fixture)).Source);
        await SameAsync(fixture, before, cards: true);
        var kept = Assert.Single(fixture.Base.Fingerprint("machines/vm1/damaged/"));
        Assert.Equal(damaged, fixture.Base.Peek(kept.Name));
    }

    [Fact]
    public async Task A_sound_head_is_left_as_it_is_unless_forced()
    {
        var fixture = await CheckFixture.MadeAsync();
        var before = await VersionsAsync(fixture);
        var bytes = fixture.Base.Peek(Head);
        Assert.Equal("sound", (await RebuildAsync(fixture)).Source);
        Assert.Equal(bytes, fixture.Base.Peek(Head));
        Assert.Equal("copy", (await RebuildAsync(fixture, force: true)).Source);
        await SameAsync(fixture, before, cards: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_any_copy_all_comes_back_from_the_objects_alone(bool consolidated)
    {
        var fixture = await CheckFixture.MadeAsync();
        if (consolidated)
        {
            await fixture.ConsolidateAsync(8);
            await fixture.SweepAsync();
        }
        var before = await VersionsAsync(fixture);
        await DeleteManifestAsync(fixture);
        var result = await RebuildAsync(fixture);
        Assert.Equal("objects", result.Source);
        Assert.Equal((8, 8), (result.Versions, result.Newest));
        await SameAsync(fixture, before, cards: true);
    }

    [Fact]
    public async Task A_copy_older_than_versions_and_a_consolidation_is_brought_up_to_date()
    {
        var fixture = await CheckFixture.MadeAsync();
        var copies = fixture.Base.Fingerprint("machines/vm1/heads/").Select(f => f.Name).ToList();
        var image = (byte[])fixture.Images[^1].Clone();
        for (var i = 0; i < 3; i++)
        {
            image = (byte[])image.Clone();
            image[(i * 70_000) + 5] ^= 9;
            await fixture.IngestAsync(image);
        }
        await fixture.ConsolidateAsync(10);
        await fixture.SweepAsync();
        var before = await VersionsAsync(fixture);
        // Only the oldest copy of those kept survives; it was made before the move.
        await fixture.Base.DeleteAsync(Head);
        foreach (var store in new[] { fixture.Base, fixture.Delta })
        {
            var names = store.Fingerprint("machines/vm1/heads/").Select(f => f.Name).ToList();
            foreach (var name in names.Skip(1)) await store.DeleteAsync(name);
        }
        Assert.NotEmpty(copies);
        var result = await RebuildAsync(fixture);
        Assert.Equal(11, result.Versions);
        await SameAsync(fixture, before, cards: true);
    }

    [Fact]
    public async Task What_an_abandoned_ingest_left_is_no_version()
    {
        var fixture = await CheckFixture.MadeAsync();
        await fixture.AbandonIngestAsync();
        await fixture.IngestAsync(fixture.Images[^1].Select((b, i) => i == 9 ? (byte)~b : b)
            .ToArray(), abandoned: 1);
        var before = await VersionsAsync(fixture);
        await DeleteManifestAsync(fixture);
        var result = await RebuildAsync(fixture);
        Assert.Equal(before.Count, result.Versions);
        var after = await VersionsAsync(fixture);
        Assert.Equal(before.Select(v => v.Fingerprint), after.Select(v => v.Fingerprint));
        Assert.True(result.Orphans > 0);
    }

    [Fact]
    public async Task A_version_whose_delta_is_gone_is_told_as_lost_and_the_others_come_back()
    {
        var fixture = await CheckFixture.MadeAsync();
        var before = await VersionsAsync(fixture);
        await fixture.Base.DeleteAsync(Head);
        foreach (var found in fixture.Delta.Fingerprint("machines/vm1/disks/os/000000/00000003-00000002-"))
            await fixture.Delta.DeleteAsync(found.Name);
        var result = await RebuildAsync(fixture);
        Assert.Contains(result.Notes, n => n.StartsWith("Version 1 is lost", StringComparison.Ordinal));
        Assert.Contains(result.Notes, n => n.StartsWith("Version 2 is lost", StringComparison.Ordinal));
        var after = await VersionsAsync(fixture);
        Assert.Equal(before.Skip(2).Select(v => v.Fingerprint), after.Select(v => v.Fingerprint));
        for (var version = 3; version <= 8; version++)
            Assert.Equal(fixture.Images[version - 1], await fixture.ReadAsync(version));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_crash_at_any_operation_leaves_a_rebuild_that_comes_to_the_same(bool after)
    {
        var made = await CheckFixture.MadeAsync();
        made.Base.FlipByte(Head, 100);
        var whole = new CheckFixture(made);
        await RebuildAsync(whole);
        var before = await VersionsAsync(whole);
        var operations = whole.Process.Operations;
        var crashes = 0;
        for (var number = 1L; number <= operations; number++)
        {
            var fixture = new CheckFixture(made);
            fixture.Process.Faults = SimulatedProcess.CrashAt(number, after);
            try
            {
                await RebuildAsync(fixture);
            }
            catch (SimulatedCrashException)
            {
                crashes++;
            }
            fixture.Process.Restart();
            await RebuildAsync(fixture);
            var found = await VersionsAsync(fixture);
            Assert.Equal(before.Select(v => v.Fingerprint), found.Select(v => v.Fingerprint));
            Assert.True((await fixture.VerifyAsync(CheckDepth.Quick)).IsSound, $"at {number}");
        }
        Assert.True(crashes > 50, $"{crashes}");
    }

    [Fact]
    public async Task All_machines_are_found_by_the_names_in_either_placement()
    {
        var fixture = await CheckFixture.MadeAsync();
        await fixture.Base.DeleteAsync(Head);
        var context = Context(fixture);
        var result = await context.RunFlowAsync(CheckNames.RebuildCatalog, new RebuildInput());
        Assert.Equal((1, 1, 0), (result.Count, result.Rebuilt, result.Failed));
        result = await context.RunFlowAsync(CheckNames.RebuildCatalog, new RebuildInput());
        Assert.Equal((1, 0, 0), (result.Count, result.Rebuilt, result.Failed));
    }

    [Fact]
    public async Task A_rebuilt_machine_goes_on_with_numbers_that_were_never_given()
    {
        var fixture = await CheckFixture.MadeAsync();
        await DeleteManifestAsync(fixture);
        await RebuildAsync(fixture);
        fixture.Forget();
        await fixture.ConsolidateAsync(8);
        for (var version = 1; version <= 8; version++)
            Assert.Equal(fixture.Images[version - 1], await fixture.ReadAsync(version));
        Assert.True((await fixture.VerifyAsync(CheckDepth.Full)).IsSound);
    }

    private static InlineContext Context(CheckFixture fixture)
    {
        var services = fixture.NewServices();
        return new InlineContext(CheckParts.Flows(services.Options), CheckParts.Steps(services));
    }

    private static async Task<RebuiltMachine> RebuildAsync(CheckFixture fixture, bool force = false)
    {
        var result = await Context(fixture).RunFlowAsync(
            CheckNames.RebuildCatalog, new RebuildInput(CheckFixture.Machine, force));
        return Assert.Single(result.Machines);
    }

    private static async Task<List<VersionRecord>> VersionsAsync(CheckFixture fixture)
    {
        var manifest = await fixture.NewServices().Manifests.LoadAsync(CheckFixture.Machine);
        var versions = new List<VersionRecord>();
        await foreach (var version in manifest.VersionsAsync()) versions.Add(version);
        return versions;
    }

    private static async Task SameAsync(
        CheckFixture fixture, List<VersionRecord> before, bool cards)
    {
        var after = await VersionsAsync(fixture);
        Assert.Equal(before.Select(v => v.Number), after.Select(v => v.Number));
        Assert.Equal(before.Select(v => v.Fingerprint), after.Select(v => v.Fingerprint));
        if (cards)
        {
            Assert.Equal(
                before.Select(v => (v.Time, v.Label, v.Snapshot)),
                after.Select(v => (v.Time, v.Label, v.Snapshot)));
        }
        foreach (var version in after)
            Assert.Equal(fixture.Images[version.Number - 1], await fixture.ReadAsync(version.Number));
        var verified = await fixture.VerifyAsync(CheckDepth.Full);
        Assert.True(verified.IsSound, string.Join(Environment.NewLine, verified.Tally.Findings));
    }

    private static async Task DeleteManifestAsync(CheckFixture fixture)
    {
        foreach (var store in new[] { fixture.Base, fixture.Delta })
        {
            foreach (var found in store.Fingerprint())
            {
                if (!found.Name.Contains("/disks/", StringComparison.Ordinal))
                    await store.DeleteAsync(found.Name);
            }
        }
    }
}
