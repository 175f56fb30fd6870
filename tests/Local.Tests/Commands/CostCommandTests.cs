using System.Text.Json;
using SnapshotFunctions.Local.Commands;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

public sealed class CostCommandTests : IDisposable
{
    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_plan_changes_no_file_and_the_work_then_uses_what_it_told()
    {
        await _bench.IngestDemoAsync("web", 3);
        var before = Files();
        string[][] commands =
        [
            ["ingest", "web", CommandBench.Images[3].Path],
            ["consolidate", "web", "--base", "1"],
            ["undo", "web"],
            ["restore", "web", "2", "--out", _bench["planned.raw"]],
            ["verify", "web", "--full"],
            ["expire", "web", "2"],
            ["retention", "web"],
            ["tier", "web"],
        ];
        foreach (var command in commands)
        {
            var plan = await _bench.JsonAsync([.. command, "--plan"]);
            Assert.NotEmpty(plan.GetProperty("usage").GetProperty("lines").EnumerateArray());
            Assert.Contains(
                "nothing was changed", (await _bench.OkAsync([.. command, "--plan"])).Text,
                StringComparison.Ordinal);
        }
        Assert.Equal(before, Files());
        var restored = await _bench.JsonAsync(
            "restore", "web", "2", "--out", _bench["v2.raw"], "--show-plan");
        Assert.Equal(
            restored.GetProperty("planned").GetRawText(), restored.GetProperty("used").GetRawText());
        var moved = await _bench.JsonAsync("consolidate", "web", "--base", "1", "--show-plan");
        Assert.Equal(Reads(moved.GetProperty("planned")), Reads(moved.GetProperty("used")));
        var expired = await _bench.JsonAsync("expire", "web", "2", "--show-plan");
        Assert.Equal(Reads(expired.GetProperty("planned")), Reads(expired.GetProperty("used")));
        Assert.Contains(
            "Used:", (await _bench.OkAsync("verify", "web", "--verbose")).Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cost_report_names_every_byte_and_the_prices_in_use()
    {
        await _bench.IngestDemoAsync("web", 5);
        var report = (await _bench.JsonAsync("cost", "web")).GetProperty("machines")[0];
        Assert.Equal(5, report.GetProperty("versions").GetInt32());
        Assert.True(report.GetProperty("fullCopies").GetProperty("month").GetDecimal()
            > report.GetProperty("month").GetDecimal());
        var prices = _bench["prices.json"];
        var table = await _bench.OkAsync("prices", "--json");
        await File.WriteAllTextAsync(
            prices, table.Text.Replace("0.0208", "2.08", StringComparison.Ordinal));
        var dear = (await _bench.JsonAsync("cost", "web", "--prices", prices))
            .GetProperty("machines")[0];
        Assert.True(dear.GetProperty("month").GetDecimal()
            > 50 * report.GetProperty("month").GetDecimal());
        Assert.Contains(
            "In all", (await _bench.OkAsync("cost")).Text, StringComparison.Ordinal);
        Assert.Equal(
            ExitCodes.NotFound, (await _bench.RunAsync("cost", "--prices", "/none.json")).Exit);
        await File.WriteAllTextAsync(prices, "{}");
        Assert.Equal(
            ExitCodes.Refused, (await _bench.RunAsync("prices", "--prices", prices)).Exit);
    }

    private static List<string> Reads(JsonElement usage) =>
    [
        .. usage.GetProperty("lines").EnumerateArray()
            .Where(l => l.GetProperty("kind").GetString() is "read")
            .Select(l => $"{l.GetProperty("tier").GetString()} {l.GetProperty("count").GetInt64()}"),
    ];

    private List<(string, DateTime, long)> Files() =>
    [
        .. Directory.EnumerateFiles(_bench.Store, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(f => (f, File.GetLastWriteTimeUtc(f), new FileInfo(f).Length)),
    ];
}
