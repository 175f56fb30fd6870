using System.Text.Json;
using SnapshotFunctions.Local.Commands;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

/// <summary>Policies, pins, holds, upkeep and repair as people type them.</summary>
public sealed class PolicyCommandTests
{
    [Fact]
    public async Task A_policy_that_is_shown_can_be_edited_and_set()
    {
        using var bench = new CommandBench();
        await bench.OkAsync("ingest", "vm", bench.Noise("one.raw", 100_000, 1));
        var shown = await bench.JsonAsync("policy", "show", "vm");
        Assert.Equal(48, shown.GetProperty("keep").GetProperty("hourly").GetInt32());
        var text = (await bench.OkAsync("policy", "show", "vm")).Text;
        var file = bench["policy.json"];
        await File.WriteAllTextAsync(file, text);
        Assert.Contains(
            "says this already", (await bench.OkAsync("policy", "set", "vm", file)).Text,
            StringComparison.Ordinal);

        await File.WriteAllTextAsync(
            file, text.Replace("\"hourly\": 48", "\"hourly\": 24", StringComparison.Ordinal));
        var set = await bench.OkAsync("policy", "set", "vm", file);
        Assert.Contains("hourly", set.Text, StringComparison.Ordinal);
        shown = await bench.JsonAsync("policy", "show", "vm");
        Assert.Equal(24, shown.GetProperty("keep").GetProperty("hourly").GetInt32());

        await File.WriteAllTextAsync(file, "{ \"keep\": { \"hourly\": -1 } }");
        var refused = await bench.RunAsync("policy", "set", "vm", file);
        Assert.NotEqual(ExitCodes.Ok, refused.Exit);
        Assert.Contains("keep.hourly", refused.Error, StringComparison.Ordinal);
        shown = await bench.JsonAsync("policy", "show", "vm");
        Assert.Equal(24, shown.GetProperty("keep").GetProperty("hourly").GetInt32());
    }

    [Fact]
    public async Task Pins_and_holds_are_laid_once_and_keep_what_they_name()
    {
        using var bench = new CommandBench();
        for (var seed = 1; seed <= 3; seed++)
            await bench.OkAsync("ingest", "vm", bench.Noise($"{seed}.raw", 100_000, seed));
        foreach (var (command, changed) in new[] { ("pin", true), ("pin", false) })
        {
            var pinned = await bench.JsonAsync(command, "vm", "1", "--reason", "audit");
            Assert.Equal(changed, pinned.GetProperty("changed").GetBoolean());
            Assert.Equal(1, pinned.GetProperty("version").GetInt32());
        }
        var kept = await bench.RunAsync("expire", "vm", "1");
        Assert.Equal(ExitCodes.Refused, kept.Exit);
        Assert.Contains("pin", kept.Error, StringComparison.Ordinal);
        await bench.OkAsync("unpin", "vm", "1");
        await bench.OkAsync("hold", "vm", "--reason", "court");
        Assert.Equal(ExitCodes.Refused, (await bench.RunAsync("expire", "vm", "1")).Exit);
        Assert.False(
            (await bench.JsonAsync("hold", "vm")).GetProperty("changed").GetBoolean());
        await bench.OkAsync("release", "vm");
        await bench.OkAsync("expire", "vm", "1");
        Assert.Equal(ExitCodes.NotFound, (await bench.RunAsync("pin", "vm", "1")).Exit);
    }

    [Fact]
    public async Task Upkeep_does_what_is_due_and_only_once()
    {
        using var bench = new CommandBench();
        await bench.OkAsync("ingest", "vm", bench.Noise("one.raw", 100_000, 1));
        var first = Machine(await bench.JsonAsync("upkeep", "vm"));
        var again = Machine(await bench.JsonAsync("upkeep", "--all"));
        Assert.All(Parts(first), p => Assert.True(p.IsDone, p.Part));
        Assert.Contains(Parts(first), p => p.Part == "retention");
        Assert.Equal(["sweep"], Parts(again).Select(p => p.Part));
        Assert.Equal(ExitCodes.Usage, (await bench.RunAsync("upkeep")).Exit);
        Assert.Equal(ExitCodes.Usage, (await bench.RunAsync("upkeep", "vm", "--all")).Exit);

        static JsonElement Machine(JsonElement document) =>
            Assert.Single(document.GetProperty("machines").EnumerateArray());
        static List<(string Part, bool IsDone)> Parts(JsonElement machine) =>
        [
            .. machine.GetProperty("parts").EnumerateArray().Select(p => (
                p.GetProperty("part").GetString()!, p.GetProperty("isDone").GetBoolean())),
        ];
    }

    [Fact]
    public async Task Damage_is_mended_from_the_image_that_is_named()
    {
        using var bench = new CommandBench();
        var image = bench.Noise("one.raw", 300_000, 1);
        await bench.OkAsync("ingest", "vm", image);
        var file = Directory.EnumerateFiles(bench.Store, "*", SearchOption.AllDirectories)
            .MaxBy(f => new FileInfo(f).Length)!;
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        Assert.Equal(ExitCodes.Damaged, (await bench.RunAsync("verify", "vm", "--full")).Exit);
        var lost = await bench.RunAsync("verify", "vm", "--full", "--repair");
        Assert.Equal(ExitCodes.Damaged, lost.Exit);
        Assert.Contains("lost:", lost.Text, StringComparison.Ordinal);
        Assert.Contains("--image", lost.Text, StringComparison.Ordinal);
        var mended = await bench.OkAsync(
            "verify", "vm", "--full", "--repair", "--image", image);
        Assert.Contains("repaired:", mended.Text, StringComparison.Ordinal);
        await bench.OkAsync("verify", "vm", "--full");
    }
}
