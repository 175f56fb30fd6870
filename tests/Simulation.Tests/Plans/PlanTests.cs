using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Local.Runner;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Plans;

/// <summary>What plans tell, held against what the jobs then used.</summary>
public sealed class PlanTests(ITestOutputHelper output)
{
    /// <summary>16 blocks of 64 KiB a page, 4 MiB a shard.</summary>
    private static readonly Layout Small = new(4096, 65536, 16, 512 << 10, 4 << 20);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    public async Task Plans_of_a_random_history_tell_what_its_jobs_use(
        int seed, bool hasEqual = false)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var bench = new PlanBench(Small);
        await bench.CreateAsync(BaseRuleSettings.AfterForwards, seed % 2 == 0 ? 100 : 3);
        var disk = new byte[14 << 20];
        Fill(random, disk.AsSpan(0, 9 << 20));
        if (hasEqual) Repeat(random, disk);
        for (var round = 0; round < 7; round++)
        {
            await HoldAsync(bench, FlowNames.Ingest, bench.InputOf(disk));
            var newest = round + 1;
            if (round % 3 == 2)
                await HoldAsync(
                    bench, FlowNames.Consolidate, new ConsolidateInput(
                        PlanBench.Machine, random.Next(1, newest + 1)));
            await HoldAsync(
                bench, RestoreNames.Restore, new RestoreInput(
                    PlanBench.Machine, $"out-{round}", random.Next(1, newest + 1), "disk0"));
            foreach (var depth in Enum.GetValues<CheckDepth>())
                await HoldAsync(
                    bench, CheckNames.Verify, new VerifyInput(PlanBench.Machine, depth, 50));
            disk = (byte[])disk.Clone();
            for (var edit = random.Next(1, 30); edit > 0; edit--)
                Fill(random, disk.AsSpan(random.Next(disk.Length - 40_000), random.Next(1, 40_000)));
            if (random.Next(3) == 0) disk.AsSpan(random.Next(8 << 20), 1 << 20).Clear();
            if (hasEqual) Repeat(random, disk);
        }
        await HoldAsync(bench, FlowNames.Undo, new UndoInput(PlanBench.Machine));
    }

    private async Task HoldAsync<TIn, TOut>(
        PlanBench bench, Engine.Flows.Contract.FlowName<TIn, TOut> flow, TIn input)
    {
        var (inBase, inDelta) = (bench.Base.Counters, bench.Delta.Counters);
        var plan = await bench.PlanAsync(flow, input);
        var (ofBase, ofDelta) = (
            bench.Base.Counters.Since(inBase), bench.Delta.Counters.Since(inDelta));
        var read = ofBase.BytesRead + ofDelta.BytesRead;
        Assert.Equal(ofBase.Operations + ofDelta.Operations, plan.Requests);
        // Indexes and manifests; of frames only those of segments that are half dead, which are
        // no more than what would be written.
        Assert.InRange(read, 1, (1 << 19) + plan.Usage.BytesOf(UsageKind.Write));
        var job = await bench.RunAsync(flow, input);
        output.WriteLine($"{flow.Name}: planning made {plan.Requests} requests, read {read}");
        foreach (var line in plan.Usage.Lines.Concat(job.Used!.Lines)
            .Select(l => (l.Kind, l.Tier)).Distinct().Order())
        {
            var planned = Of(plan.Usage, line);
            var used = Of(job.Used, line);
            output.WriteLine(
                $"  {(planned == used ? " " : "!")} {line.Kind} {line.Tier}: planned {planned.Count}"
                + $" / {planned.Bytes}, used {used.Count} / {used.Bytes}");
        }
        Assert.Equal(JobState.Completed, job.State);
        if (!plan.IsEstimate) Assert.Equal(job.Used.Lines, plan.Usage.Lines);
        foreach (var kind in Enum.GetValues<UsageKind>())
        {
            var (planned, used) = (plan.Usage.CountOf(kind), job.Used.CountOf(kind));
            AssertWithin(plan.MarginPercent, planned, used, 2, $"{flow.Name} {kind} operations");
            (planned, used) = (plan.Usage.BytesOf(kind), job.Used.BytesOf(kind));
            if (plan.IsUpperBound)
                Assert.True(used <= planned + Few, $"{flow.Name} {kind}: {used} over {planned}");
            else
                AssertWithin(plan.MarginPercent, planned, used, Few, $"{flow.Name} {kind} bytes");
        }
    }

    /// <summary>A job's id and the length of its frames' numbers make a few bytes' difference.</summary>
    private const long Few = 512;

    private static void AssertWithin(
        int percent, long planned, long used, long few, string what) => Assert.True(
        Math.Abs(planned - used) <= (Math.Abs(used) * percent / 100) + (percent == 0 ? 0 : few),
        $"{what}: planned {planned}, used {used}");

    private static UsageLine Of(Usage usage, (UsageKind Kind, Engine.Ports.StorageTier Tier) line) =>
        usage.Lines.FirstOrDefault(l => (l.Kind, l.Tier) == line)
        ?? new UsageLine(line.Kind, line.Tier, 0, 0);

    /// <summary>Makes blocks equal to others, which a base keeps once.</summary>
    private static void Repeat(Random random, byte[] disk)
    {
        var blocks = disk.Length / Small.BlockBytes;
        for (var left = random.Next(5, 40); left > 0; left--)
            disk.AsSpan(random.Next(blocks) * Small.BlockBytes, Small.BlockBytes)
                .CopyTo(disk.AsSpan(random.Next(blocks) * Small.BlockBytes));
    }

    /// <summary>Half of it compresses, by about a half.</summary>
    private static void Fill(Random random, Span<byte> range)
    {
        for (var at = 0; at < range.Length; at += 4096)
        {
            var part = range.Slice(at, Math.Min(4096, range.Length - at));
            random.NextBytes(part);
            if (random.Next(2) == 0) part[(part.Length / 4)..].Fill((byte)random.Next(1, 256));
        }
    }
}
