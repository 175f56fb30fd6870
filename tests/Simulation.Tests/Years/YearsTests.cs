using System.Globalization;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Retention;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Years;

/// <summary>
/// Years of hourly snapshots under the default policy, on a simulated clock and stores that bill.
/// How many days is told by SNAPSHOTS_DAYS: 3,650 are ten years, and take the better part of an
/// hour.
/// </summary>
public sealed class YearsTests(ITestOutputHelper output)
{
    private const int UsualDays = 30;

    private static int Days { get; } = int.Parse(
        Environment.GetEnvironmentVariable("SNAPSHOTS_DAYS") ?? $"{UsualDays}",
        CultureInfo.InvariantCulture);

    [Fact]
    public async Task Hourly_snapshots_for_long_keep_what_an_independent_program_keeps_and_cost_what_was_planned()
    {
        var run = new YearsRun(YearPrices.OfRepository(), seed: 20261123);
        await run.StartAsync(MachinePolicy.Default);
        var early = 0.0;
        for (var day = 1; day <= Days; day++)
        {
            await run.DayAsync();
            if (day == 10) early = run.RequestsAnIngest;
            if (day % Math.Max(1, Days / 12) == 0) await CheckAsync(run, day);
        }
        await CheckAsync(run, Days);
        Tell(run, early);
        // What a snapshot takes does not grow with the history.
        Assert.InRange(run.RequestsAnIngest, 1, early * 1.1);
        foreach (var (job, sums) in run.Jobs)
        {
            // Stores round nothing: plans and bills part only where compression was estimated.
            var margin = sums.Margin * sums.Planned;
            Assert.True(
                Math.Abs(sums.Planned - sums.Billed) <= margin,
                $"{job}: planned {sums.Planned}, billed {sums.Billed}");
        }
    }

    private async Task CheckAsync(YearsRun run, int day)
    {
        var keep = KeepSettings.Default;
        var kept = await RetentionOracle.AskAsync(
        [
            new
            {
                hours = day * 24, everyHours = 24, pins = Array.Empty<int>(), young = 3600,
                newest = 1, keep = new
                {
                    last = keep.Last, hourly = keep.Hourly, daily = keep.Daily,
                    weekly = keep.Weekly, monthly = keep.Monthly, yearly = keep.Yearly,
                },
            },
        ]);
        Assert.Equal(kept[0], run.Model.Keys);
        Assert.Equal(run.Model.Keys, await run.ListedAsync());
        foreach (var version in run.Model.Keys)
            Assert.True(
                await run.FirstWrongByteAsync(version) < 0, $"version {version} on day {day}");
    }

    private void Tell(YearsRun run, double early)
    {
        output.WriteLine(FormattableString.Invariant(
            $"{Days} days, {Days * 24} snapshots, {run.Model.Count} kept; {run.Requests} requests, an ingest {early:F1} at first and {run.RequestsAnIngest:F1} at last"));
        foreach (var (job, sums) in run.Jobs)
            output.WriteLine(FormattableString.Invariant(
                $"{job}: {sums.Count} jobs planned {sums.Planned:F6}, billed {sums.Billed:F6}, {(sums.Billed - sums.Planned) * 100 / Math.Max(sums.Planned, 0.000001m):F2} %"));
        foreach (var (what, sum) in run.Bill().OrderByDescending(s => s.Value))
            output.WriteLine(FormattableString.Invariant($"{what}: {sum:F4}"));
        var month = run.MonthBy();
        output.WriteLine(FormattableString.Invariant(
            $"a month now: {month.Sum(m => m.Value.Price):F4} ({string.Join(", ", month.Select(m => FormattableString.Invariant($"{m.Key} {m.Value.Bytes:F0} bytes {m.Value.Price:F4}")))})"));
        output.WriteLine(FormattableString.Invariant(
            $"all Hot {run.MonthAll(StorageTier.Hot):F4}; as full copies {run.MonthOfCopies():F4}; as managed-disk snapshots {run.MonthOfDiskSnapshots():F4}"));
    }
}
