using System.Text.Json;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.TestShared.Stores;
using SnapshotFunctions.TestShared.Time;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Plans;

/// <summary>What is metered, held against what the stores count by themselves.</summary>
public sealed class MeterTests
{
    private static readonly Layout Small = new(4096, 65536, 16, 512 << 10, 4 << 20);
    private static readonly PriceTable Prices = PriceTables.BuiltIn;

    [Fact]
    public async Task The_meter_counts_what_the_store_counts_by_tier_and_kind()
    {
        var (store, metered, _) = NewStore();
        var random = new Random(5);
        var before = store.Counters;
        var used = await UsedAsync(async () =>
        {
            StorageTier[] tiers = [StorageTier.Hot, StorageTier.Cool, StorageTier.Cold];
            for (var i = 0; i < 60; i++)
            {
                var (name, tier) = ($"a/{i}.dat", tiers[random.Next(3)]);
                var content = new byte[random.Next(1, 5000)];
                await metered.PutAsync(name, content, WriteOptions.Create(tier));
                await metered.ReadAsync(name, 0, new byte[random.Next(1, content.Length + 1)]);
                if (i % 3 == 0) await metered.ReadWholeAsync(name, 1 << 20);
                if (i % 4 == 0) Assert.NotNull(await metered.FindAsync(name));
                if (i % 5 == 0) await metered.DeleteAsync(name);
            }
            await foreach (var _ in metered.ListAsync("a/"))
            {
            }
        });
        var counted = store.Counters.Since(before);
        Assert.Equal(Sum(counted, StoreOperationKind.Put), Lines(used, UsageKind.Write));
        Assert.Equal(
            Sum(counted, StoreOperationKind.Read, StoreOperationKind.ReadWhole),
            Lines(used, UsageKind.Read));
        Assert.Equal(Sum(counted, StoreOperationKind.Find), Lines(used, UsageKind.Other));
        Assert.Equal(Sum(counted, StoreOperationKind.List), Lines(used, UsageKind.List));
        Assert.Equal(Sum(counted, StoreOperationKind.Delete), Lines(used, UsageKind.Delete));
        var left = new List<ObjectProperties>();
        await foreach (var item in store.ListAsync(string.Empty)) left.Add(item);
        Assert.Equal(
            left.GroupBy(o => o.Tier).OrderBy(g => g.Key)
                .Select(g => (g.Key, (long)g.Count(), g.Sum(o => o.LengthBytes))),
            Lines(used, UsageKind.Stored));
    }

    [Fact]
    public async Task A_commit_is_a_write_and_the_questions_around_it_and_a_block_is_written_hot()
    {
        var (_, metered, _) = NewStore();
        var id = Convert.ToBase64String(new byte[8]);
        var used = await UsedAsync(async () =>
        {
            await metered.StageBlockAsync("x", id, new byte[700]);
            var made = await metered.CommitBlocksAsync(
                "x", [new BlockReference(id, false)], WriteOptions.Create(StorageTier.Cold));
            await metered.CommitBlocksAsync(
                "x", [new BlockReference(id, true)],
                WriteOptions.Replace(made.ETag, StorageTier.Cold));
        });
        Assert.Equal(
            [(StorageTier.Hot, 1L, 700L), (StorageTier.Cold, 2L, 0L)], Lines(used, UsageKind.Write));
        // After each commit its length, before the second whether what it keeps is archived.
        Assert.Equal([(StorageTier.Cold, 3L, 0L)], Lines(used, UsageKind.Other));
    }

    [Theory]
    [InlineData(StorageTier.Cool, 30)]
    [InlineData(StorageTier.Cold, 90)]
    [InlineData(StorageTier.Archive, 180)]
    [InlineData(StorageTier.Hot, 0)]
    public async Task What_goes_early_is_billed_for_the_days_that_were_left(
        StorageTier tier, int minimumDays)
    {
        foreach (var age in new[] { 0, 1, 29, 30, 89, 100, 179, 180, 400 })
        {
            var (store, metered, time) = NewStore();
            await store.PutAsync("old.dat", new byte[200_000], WriteOptions.Create(tier));
            await store.PutAsync("tiny.dat", new byte[10], WriteOptions.Create(tier));
            time.Advance(TimeSpan.FromDays(age));
            // By a process that has never seen them: it must ask, and is billed for it.
            var used = await UsedAsync(async () =>
            {
                await metered.DeleteAsync("old.dat");
                await metered.DeleteAsync("tiny.dat");
            });
            var left = Math.Max(0, minimumDays - age);
            var bytes = (200_000L + Math.Max(10, Prices.Of(tier).MinimumBytes)) * left;
            Assert.Equal(bytes, used.BytesOf(UsageKind.EarlyDeletion));
            Assert.Equal(left > 0 ? 2 : 0, used.CountOf(UsageKind.EarlyDeletion));
            Assert.Equal(2, used.CountOf(UsageKind.Other));
            Assert.Equal(-200_010, used.BytesOf(UsageKind.Stored));
            Assert.Equal(
                bytes * Prices.Of(tier).GbMonth / 1_000_000_000m / 30,
                used.Lines.Where(l => l.Kind == UsageKind.EarlyDeletion).Sum(Prices.Once));
        }
    }

    [Fact]
    public async Task A_move_down_is_a_write_there_a_move_up_a_read_here_and_both_leave_early()
    {
        var (store, metered, time) = NewStore();
        await store.PutAsync("x.dat", new byte[200_000], WriteOptions.Create(StorageTier.Cool));
        time.Advance(TimeSpan.FromDays(10));
        var down = await UsedAsync(() => metered.SetTierAsync("x.dat", StorageTier.Cold));
        Assert.Equal([(StorageTier.Cold, 1L, 0L)], Lines(down, UsageKind.Write));
        Assert.Equal([(StorageTier.Cool, 1L, 4_000_000L)], Lines(down, UsageKind.EarlyDeletion));
        time.Advance(TimeSpan.FromDays(30));
        var up = await UsedAsync(() => metered.SetTierAsync("x.dat", StorageTier.Hot));
        Assert.Equal([(StorageTier.Cold, 1L, 200_000L)], Lines(up, UsageKind.Read));
        // Sixty of its ninety days there were left, though the object itself is forty days old.
        Assert.Equal([(StorageTier.Cold, 1L, 12_000_000L)], Lines(up, UsageKind.EarlyDeletion));
        Assert.Equal(
            [(StorageTier.Hot, 1L, 200_000L), (StorageTier.Cold, -1L, -200_000L)],
            Lines(up, UsageKind.Stored));
    }

    [Fact]
    public async Task Bytes_asked_back_from_archive_are_told_by_priority()
    {
        var (store, metered, time) = NewStore();
        await store.PutAsync("x.dat", new byte[300_000], WriteOptions.Create(StorageTier.Archive));
        time.Advance(TimeSpan.FromDays(181));
        var used = await UsedAsync(async () =>
        {
            await metered.SetTierAsync("x.dat", StorageTier.Hot, RehydrationPriority.Standard);
            await metered.SetTierAsync("x.dat", StorageTier.Hot, RehydrationPriority.High);
        });
        Assert.Equal([(StorageTier.Archive, 1L, 300_000L)], Lines(used, UsageKind.RehydrateStandard));
        // It is on its way already: hurrying it is another operation, and no other bytes.
        Assert.Equal([(StorageTier.Archive, 1L, 0L)], Lines(used, UsageKind.RehydrateHigh));
    }

    [Fact]
    public async Task Work_that_nobody_meters_asks_nothing_more_of_the_store()
    {
        var (store, metered, _) = NewStore();
        await store.PutAsync("x.dat", new byte[9], WriteOptions.Create(StorageTier.Cool));
        var before = store.Counters;
        await metered.ReadAsync("x.dat", 0, new byte[9]);
        await metered.DeleteAsync("x.dat");
        Assert.Equal(2, store.Counters.Since(before).Operations);
    }

    [Fact]
    public async Task A_restore_from_archive_is_planned_with_its_wait_and_its_objects()
    {
        var bench = new PlanBench(Small);
        await bench.CreateAsync(BaseRuleSettings.AfterForwards, 100);
        var random = new Random(3);
        var disk = new byte[9 << 20];
        random.NextBytes(disk);
        for (var version = 1; version <= 3; version++)
        {
            await bench.RunAsync(FlowNames.Ingest, bench.InputOf((byte[])disk.Clone()));
            random.NextBytes(disk.AsSpan(version * 1_500_000, 900_000));
        }
        await bench.RunAsync(FlowNames.Consolidate, new ConsolidateInput(PlanBench.Machine, 3));
        var archived = new List<ObjectProperties>();
        await foreach (var item in bench.Delta.ListAsync("machines/"))
            if (item.Name.EndsWith(".dat", StringComparison.Ordinal)
                && ObjectNames.TryParseDelta(item.Name, out _, out var key) && !key.IsForward)
                archived.Add(item);
        Assert.NotEmpty(archived);
        foreach (var item in archived)
            await bench.Delta.SetTierAsync(item.Name, StorageTier.Archive);
        bench.Time.Advance(TimeSpan.FromDays(200));
        var restore = new RestoreInput(PlanBench.Machine, "out", 1, "disk0");
        var plan = await bench.PlanAsync(RestoreNames.Restore, restore);
        Assert.Equal(archived.Count, plan.Usage.CountOf(UsageKind.RehydrateStandard));
        Assert.Equal(
            archived.Sum(o => o.LengthBytes), plan.Usage.BytesOf(UsageKind.RehydrateStandard));
        Assert.InRange(plan.Wait, TimeSpan.FromHours(15), TimeSpan.FromHours(15.5));
        var hurried = await bench.PlanAsync(RehydrateNames.Rehydrate, new RehydrateInput(
            PlanBench.Machine, 1, Priority: RehydrationPriority.High));
        Assert.Equal(archived.Count, hurried.Usage.CountOf(UsageKind.RehydrateHigh));
        Assert.InRange(hurried.Wait, TimeSpan.FromHours(1), TimeSpan.FromHours(1.3));
        await foreach (var item in bench.Delta.ListAsync("machines/"))
            Assert.Null(item.RehydratingTo);
    }

    [Fact]
    public async Task A_job_that_a_crash_cut_off_counts_each_step_once()
    {
        var bench = new PlanBench(Small);
        await bench.CreateAsync(BaseRuleSettings.AfterForwards, 100);
        var disk = new byte[9 << 20];
        new Random(8).NextBytes(disk);
        var input = bench.InputOf(disk);
        var plan = await bench.PlanAsync(FlowNames.Ingest, input);
        var first = bench.NewRunner();
        await first.StartAsync(FlowNames.Ingest, input, "cut", PlanBench.Machine);
        using var stop = new CancellationTokenSource();
        bench.Base.Process.Trace = operation =>
        {
            // Stops when records with results are durable.
            if (operation.Kind == StoreOperationKind.Put
                && operation.Name.StartsWith("jobs/cut/journal/", StringComparison.Ordinal)
                && operation.Name.EndsWith('5')) stop.Cancel();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => first.RunToEndAsync("cut", stop.Token));
        bench.Base.Process.Trace = null;
        var second = bench.NewRunner();
        var before = (await second.GetAsync("cut"))!.Used!;
        Assert.NotEmpty(before.Lines);
        await second.RunToEndAsync("cut");
        var used = (await second.GetAsync("cut"))!.Used!;
        // What was journaled did not run twice. A shard may have been made when it was cut off,
        // before that was journaled: its next run finds it, and makes nothing.
        Assert.InRange(
            used.CountOf(UsageKind.Stored), plan.Usage.CountOf(UsageKind.Stored) - 3,
            plan.Usage.CountOf(UsageKind.Stored));
        foreach (var kind in Enum.GetValues<UsageKind>())
            Assert.True(used.CountOf(kind) >= before.CountOf(kind), $"{kind}");
        Assert.InRange(used.BytesOf(UsageKind.Write), 1, (long)(disk.Length * 1.6));
    }

    [Fact]
    public void Usage_survives_its_text_and_a_journal_without_it_is_read()
    {
        var usage = Usage.Of(UsageKind.Write, StorageTier.Cool, 3, 4096)
            .Plus(Usage.Of(UsageKind.Stored, StorageTier.Archive, -1, -77));
        var text = JsonSerializer.Serialize(usage);
        Assert.Equal("\"Write Cool 3 4096;Stored Archive -1 -77\"", text);
        Assert.Equal(usage.Lines, JsonSerializer.Deserialize<Usage>(text)!.Lines);
        Assert.Empty(JsonSerializer.Deserialize<Usage>("\"\"")!.Lines);
        foreach (var wrong in new[] { "\"Write Cool 3\"", "\"Wrote Cool 3 4\"", "\"Write 9 3 4\"" })
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Usage>(wrong));
    }

    private static (SimulatedStore Store, MeteredStore Metered, ManualTimeProvider Time) NewStore()
    {
        var time = new ManualTimeProvider();
        var store = new SimulatedStore(new SimulatedStoreOptions { Clock = time });
        return (store, new MeteredStore(store, Prices, time), time);
    }

    private static async Task<Usage> UsedAsync(Func<Task> work)
    {
        var meter = new UsageMeter();
        await UsageMeter.RunAsync(meter, async () =>
        {
            await work();
            return true;
        });
        Assert.Null(UsageMeter.Current);
        return meter.Read();
    }

    private static IEnumerable<(StorageTier, long, long)> Lines(Usage usage, UsageKind kind) =>
        usage.Lines.Where(l => l.Kind == kind).Select(l => (l.Tier, l.Count, l.Bytes));

    private static IEnumerable<(StorageTier, long, long)> Sum(
        StoreCounters counted, params StoreOperationKind[] kinds) =>
        counted.Tallies.Where(t => kinds.Contains(t.Key.Kind)).GroupBy(t => t.Key.Tier)
            .OrderBy(g => g.Key)
            .Select(g => (g.Key, g.Sum(t => t.Value.Count), g.Sum(t => t.Value.Bytes)));
}
