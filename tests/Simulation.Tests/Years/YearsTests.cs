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
/// hour. A second machine's policy archives too.
/// </summary>
public sealed class YearsTests(ITestOutputHelper output)
{
    private const int UsualDays = 30;
    private const int UsualArchivedDays = 60;

    private static int? AskedDays { get; } =
        Environment.GetEnvironmentVariable("SNAPSHOTS_DAYS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static int Days => AskedDays ?? UsualDays;

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
        Tell(run, early, Days * 24);
        // What a snapshot takes does not grow with the history.
        Assert.InRange(run.RequestsAnIngest, 1, early * 1.1);
        HoldPlansAgainstBills(run);
    }

    [Fact]
    public async Task What_is_archived_is_refused_to_readers_and_comes_back_for_a_restore_at_the_planned_price()
    {
        // Snapshots every four hours, every day's last one kept for a year and a month's for two.
        const int StepHours = 4;
        const int ArchiveDays = 14;
        var days = AskedDays ?? UsualArchivedDays;
        var keep = new KeepSettings { Last = 3, Hourly = 12, Daily = 365, Monthly = 24 };
        var run = new YearsRun(YearPrices.OfRepository(), seed: 20261124, StepHours);
        await run.StartAsync(MachinePolicy.Default with
        {
            Keep = keep,
            Ladder = [new(3, StorageTier.Cool), new(ArchiveDays, StorageTier.Archive)],
        });
        var random = new Random(5);
        var (refused, restored, early) = (0, 0, 0.0);
        for (var day = 1; day <= days; day++)
        {
            await run.DayAsync();
            if (day == 10) early = run.RequestsAnIngest;
            if (day % Math.Max(1, days / 4) != 0) continue;
            await CheckKeptAsync(run, keep, day, StepHours);
            var archived = await ArchivedAsync(run, ArchiveDays);
            refused += archived.Count;
            if (archived.Count == 0) continue;
            foreach (var version in new[] { archived[0], archived[random.Next(archived.Count)] })
            {
                await run.RestoreQuietlyAsync(version);
                restored++;
            }
        }
        var oldest = (await ArchivedAsync(run, ArchiveDays))[0];
        await run.RestoreMeanwhileAsync(oldest);
        output.WriteLine(FormattableString.Invariant(
            $"{refused} reads refused, {restored + 1} restores of {run.RehydratedObjects} objects, the last in {run.RestoreTime}"));
        Tell(run, early, days * 24 / StepHours);
        Assert.InRange(refused, days / 3, int.MaxValue);
        Assert.InRange(restored, 4, int.MaxValue);
        HoldPlansAgainstBills(run);
    }

    /// <summary>The kept versions that no reader can have; every other one reads as its copy.</summary>
    private static async Task<List<int>> ArchivedAsync(YearsRun run, int archiveDays)
    {
        var archived = new List<int>();
        foreach (var version in run.Model.Keys)
            if (await run.ArchivedObjectAsync(version) is not null) archived.Add(version);
        // A version is archived with its own data or that of an older neighbour, never too young.
        Assert.All(archived, v => Assert.True(
            run.AgeOf(v) >= TimeSpan.FromDays(archiveDays), $"version {v} of {run.AgeOf(v)}"));
        return archived;
    }

    private static void HoldPlansAgainstBills(YearsRun run)
    {
        foreach (var (job, sums) in run.Jobs)
        {
            // Stores round nothing: plans and bills part only where compression was estimated.
            var margin = sums.Margin * sums.Planned;
            Assert.True(
                Math.Abs(sums.Planned - sums.Billed) <= margin,
                $"{job}: planned {sums.Planned}, billed {sums.Billed}");
        }
    }

    private static async Task CheckKeptAsync(
        YearsRun run, KeepSettings keep, int day, int stepHours = 1)
    {
        var kept = await RetentionOracle.AskAsync(
        [
            new
            {
                hours = day * 24, everyHours = 24, stepHours, gaps = run.Gaps,
                pins = Array.Empty<int>(), young = 3600, newest = 1, keep = new
                {
                    last = keep.Last, hourly = keep.Hourly, daily = keep.Daily,
                    weekly = keep.Weekly, monthly = keep.Monthly, yearly = keep.Yearly,
                },
            },
        ]);
        Assert.Equal(kept[0], run.Model.Keys);
        Assert.Equal(run.Model.Keys, await run.ListedAsync());
    }

    private static async Task CheckAsync(YearsRun run, int day)
    {
        await CheckKeptAsync(run, KeepSettings.Default, day);
        foreach (var version in run.Model.Keys)
            Assert.True(
                await run.FirstWrongByteAsync(version) < 0, $"version {version} on day {day}");
    }

    private void Tell(YearsRun run, double early, int snapshots)
    {
        output.WriteLine(FormattableString.Invariant(
            $"{snapshots} snapshots, {run.Model.Count} kept; {run.Requests} requests, an ingest {early:F1} at first and {run.RequestsAnIngest:F1} at last"));
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
