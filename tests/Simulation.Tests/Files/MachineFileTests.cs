using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Rebuilding;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.SimulationTests.Check;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Restoring;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Files;

public sealed class MachineFileTests
{
    private const string Prefix = "machines/vm/files/";

    [Fact]
    public async Task An_unchanged_file_is_stored_once_and_a_changed_one_anew()
    {
        var rig = await MadeAsync();
        // nvram of versions 1, 3 and 4 (2 has that of 1), and config that never changed.
        Assert.Equal(
            ["00000001-000000000001-00", "00000001-000000000001-01", "00000003", "00000004"],
            rig.Base.Names(Prefix).Select(n => n[Prefix.Length..])
                .Select(n => n.StartsWith("00000001", StringComparison.Ordinal) ? n : n[..8]));
        await rig.CheckAsync("as made");
        await ListedObjects.CheckAsync(rig, "as made");
    }

    [Fact]
    public async Task A_version_without_files_has_none_and_the_next_stores_its_own()
    {
        var rig = await MadeAsync();
        var files = rig.Files.ToArray();
        rig.Files.Clear();
        await rig.IngestAsync(("disk0", Disk(5)));
        foreach (var (name, content) in files) rig.Files[name] = content;
        await rig.IngestAsync(("disk0", Disk(6)));
        await rig.CheckAsync("after a gap");
        Assert.Equal(2, rig.Base.Names(Prefix).Count(
            n => n.StartsWith($"{Prefix}00000006", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task As_many_files_as_a_version_may_have_go_through_steps_of_small_inputs()
    {
        var rig = new Rig();
        for (var i = 0; i < VersionFile.MostFiles; i++)
            rig.Files[$"{i:D2}-{new string('n', 60)}"] = [(byte)i];
        await rig.IngestAsync(("disk0", Disk(1)));
        rig.Files[$"07-{new string('n', 60)}"] = [255];
        await rig.IngestAsync(("disk0", Disk(2)));
        await rig.CheckAsync("64 files");
        Assert.Equal(VersionFile.MostFiles + 1, rig.Base.Names(Prefix).Count);
    }

    [Fact]
    public async Task Undone_versions_take_along_only_what_no_other_version_has()
    {
        var rig = await MadeAsync();
        while (rig.Model.Count > 1)
        {
            await rig.UndoAsync();
            rig.Time.Advance(TimeSpan.FromHours(1));
            await rig.ConsolidateAsync(rig.Model.Keys.Max());
            await rig.CheckAsync("after an undo");
            await ListedObjects.CheckAsync(rig, "after an undo");
        }
        Assert.Equal(2, rig.Base.Names(Prefix).Count);
    }

    [Theory]
    [InlineData("gone", CheckDepth.Quick)]
    [InlineData("gone", CheckDepth.Full)]
    [InlineData("archived", CheckDepth.Quick)]
    [InlineData("archived", CheckDepth.Full)]
    [InlineData("cut", CheckDepth.Quick)]
    [InlineData("cut", CheckDepth.Full)]
    [InlineData("flipped", CheckDepth.Full)]
    public async Task Verification_finds_a_damaged_file_and_names_the_versions_that_have_it(
        string damage, CheckDepth depth)
    {
        var made = await MadeAsync();
        Assert.True((await VerifyAsync(made, depth)).IsSound);
        foreach (var name in made.Base.Names(Prefix).ToList())
        {
            var rig = await MadeAsync();
            var bytes = rig.Base.Peek(name)!;
            await (damage switch
            {
                "gone" => rig.Base.DeleteAsync(name),
                "archived" => rig.Base.SetTierAsync(name, StorageTier.Archive),
                "cut" => rig.Base.PutAsync(name, bytes.AsMemory(1), new WriteOptions()),
                _ => Task.Run(() => rig.Base.FlipByte(name, bytes.Length / 2)),
            });
            var result = await VerifyAsync(rig, depth);
            var finding = Assert.Single(result.Tally.Findings);
            Assert.Equal(name, finding.Object);
            Assert.False(result.IsSound);
            var expected = new List<int>();
            foreach (var (number, files) in rig.FileModel)
                if (files.Values.Any(f => f.AsSpan().SequenceEqual(bytes))) expected.Add(number);
            Assert.Equal(
                expected.Count == 1 ? $"{expected[0]}" : $"{expected[0]}-{expected[^1]}",
                finding.Versions);
            var error = await Assert.ThrowsAnyAsync<SnapshotException>(() => ReadAllAsync(rig));
            Assert.True(
                damage is "flipped" ? error is CorruptObjectException : error is not null, damage);
        }
    }

    [Fact]
    public async Task A_flipped_byte_is_never_read()
    {
        var made = await MadeAsync();
        var name = made.Base.Names(Prefix)[0];
        for (var at = 0; at < made.Base.Peek(name)!.Length; at++)
        {
            made.Base.FlipByte(name, at);
            await Assert.ThrowsAsync<CorruptObjectException>(() => ReadAllAsync(made));
            made.Base.FlipByte(name, at);
        }
        await made.CheckAsync("after all");
    }

    [Fact]
    public async Task A_head_made_anew_from_a_copy_has_the_files_that_lie_in_storage()
    {
        var rig = await SweptAsync();
        await rig.Base.DeleteAsync(ObjectNames.Head(Rig.Machine));
        var whole = await RebuildAsync(rig);
        Assert.Equal(("copy", 0, 0), (whole.Source, whole.NoteCount, whole.Orphans));
        await rig.CheckAsync("rebuilt");
        Assert.True((await VerifyAsync(rig, CheckDepth.Full)).IsSound);
        await rig.IngestAsync(("disk0", Disk(7)));
        await rig.CheckAsync("one more");

        var lost = rig.Base.Names(Prefix).Single(
            n => n.StartsWith($"{Prefix}00000003", StringComparison.Ordinal));
        await rig.Base.DeleteAsync(lost);
        await rig.Base.DeleteAsync(ObjectNames.Head(Rig.Machine));
        Assert.Contains(
            "Version 3: its machine file nvram is missing.", (await RebuildAsync(rig)).Notes);
        Assert.True((await VerifyAsync(rig, CheckDepth.Full)).IsSound);
    }

    [Fact]
    public async Task Without_any_copy_the_files_are_told_as_lost_and_the_disks_come_back()
    {
        var rig = await SweptAsync();
        foreach (var store in new[] { rig.Base, rig.Delta })
        {
            foreach (var name in store.Names("machines/vm/").Where(
                n => n.EndsWith(".json", StringComparison.Ordinal)).ToList())
                await store.DeleteAsync(name);
        }
        var result = await RebuildAsync(rig);
        Assert.Equal("objects", result.Source);
        Assert.Equal(3, result.Notes.Count(
            n => n.Contains("machine files are lost", StringComparison.Ordinal)));
        Assert.Equal(rig.Base.Names(Prefix).Count, result.Orphans);
        foreach (var files in rig.FileModel.Values) files.Clear();
        rig.NewLife();
        await rig.CheckAsync("rebuilt from objects");
        // The names of what lies about are not given again.
        await rig.IngestAsync(("disk0", Disk(7)));
        await rig.CheckAsync("one more");
    }

    [Theory]
    [InlineData("too-long", "refused-file-size")]
    [InlineData("too-many", "refused-files")]
    [InlineData("twice", "refused-files")]
    [InlineData("name", "refused-name")]
    [InlineData("gone", "image-changed")]
    public async Task A_bad_file_is_refused_before_anything_is_stored(string kind, string code)
    {
        var rig = await MadeAsync();
        var before = rig.Base.Names(Prefix).ToList();
        rig.Sources.Add("f", kind is "too-long" ? new byte[VersionFile.MostBytes + 1] : [1]);
        IReadOnlyList<IngestFile> files = kind switch
        {
            "too-many" => [.. Enumerable.Range(0, 65).Select(i => new IngestFile("f", $"f{i}"))],
            "twice" => [new("f", "a"), new("f", "b"), new("f", "a")],
            "name" => [new("f", "../a")],
            "gone" => [new("f", "a"), new("never-uploaded", "b")],
            _ => [new("f", "a")],
        };
        var job = rig.NextJob();
        var input = rig.InputOf(job, [("disk0", Disk(9))], null) with { Files = files };
        var error = await Assert.ThrowsAsync<StepFailedException>(
            () => rig.Life.RunAsync(FlowNames.Ingest, input, job, Rig.Machine));
        Assert.Equal(code, error.Code);
        Assert.Equal(before, rig.Base.Names(Prefix));
        await rig.IngestAsync(("disk0", Disk(9)));
        await rig.CheckAsync("after the next good one");
        await ListedObjects.CheckAsync(rig, "after the next good one");
    }

    [Fact]
    public async Task A_file_that_changes_after_it_was_first_seen_makes_no_version()
    {
        var rig = await MadeAsync();
        var job = rig.NextJob();
        rig.Files["nvram"] = [1, 2, 3];
        var input = rig.InputOf(job, [("disk0", Disk(9))], null);
        var context = new PlainFlowContext(EngineParts.Flows(rig.Options), rig.Life.Steps)
        {
            OnStepEnded = step =>
            {
                if (step is "SurveyFiles") rig.Sources.Add($"{job}-file-nvram", [3, 2, 1]);
            },
        };
        var error = await Assert.ThrowsAsync<StepFailedException>(
            () => context.RunFlowAsync(FlowNames.Ingest, input));
        Assert.Equal("image-changed", error.Code);
        await rig.CheckAsync("after it changed");
        await ListedObjects.CheckAsync(rig, "after it changed");
    }

    /// <summary>Four versions: nvram changes at 3 and 4, config never.</summary>
    private static async Task<Rig> MadeAsync()
    {
        var rig = new Rig();
        rig.Files["config.json"] = "{\"cpus\":2}"u8.ToArray();
        for (var version = 1; version <= 4; version++)
        {
            if (version != 2) rig.Files["nvram"] = [.. Enumerable.Repeat((byte)version, 50)];
            await rig.IngestAsync(("disk0", Disk(version)));
        }
        return rig;
    }

    /// <summary>The same, once all that was retired is gone: what is orphaned stands out.</summary>
    private static async Task<Rig> SweptAsync()
    {
        var rig = await MadeAsync();
        rig.Time.Advance(TimeSpan.FromHours(1));
        await rig.ConsolidateAsync(4);
        return rig;
    }

    private static byte[] Disk(int seed)
    {
        var content = new byte[20_000];
        new Random(seed).NextBytes(content.AsSpan(0, 9_000));
        return content;
    }

    private static async Task ReadAllAsync(Rig rig)
    {
        foreach (var (number, files) in rig.FileModel)
            foreach (var name in files.Keys)
                await rig.Life.Services.Files.ReadAsync(
                    Rig.Machine, number, name, CancellationToken.None);
    }

    private static Task<VerifyResult> VerifyAsync(Rig rig, CheckDepth depth) =>
        Context(rig).RunFlowAsync(
            CheckNames.Verify, new VerifyInput(Rig.Machine, depth, 10, 0));

    private static async Task<RebuiltMachine> RebuildAsync(Rig rig)
    {
        var result = await Context(rig).RunFlowAsync(
            CheckNames.RebuildCatalog, new RebuildInput(Rig.Machine, false));
        rig.NewLife();
        return Assert.Single(result.Machines);
    }

    private static InlineContext Context(Rig rig) => new(
        CheckParts.Flows(rig.Options), CheckParts.Steps(rig.NewLife().Services));
}
