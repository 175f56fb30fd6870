using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.LocalTests.Http.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Machines;

public sealed class VersionRouteTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    public async Task Pages_lead_over_all_versions_once_in_either_order(int top)
    {
        // Four versions in the head, eight a page: 30 versions lie on several pages.
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 30);
        var manifest = await bench.Engine.Manifests.LoadAsync("vm");
        Assert.True(manifest.Head.Pages.Count >= 3, $"{manifest.Head.Pages.Count} pages");

        Assert.Equal(
            Enumerable.Range(1, 30), await WalkAsync(bench, $"/api/machines/vm/versions?top={top}"));
        Assert.Equal(
            Enumerable.Range(1, 30).Reverse(),
            await WalkAsync(bench, $"/api/machines/vm/versions?order=desc&top={top}"));
        Assert.Equal(
            Enumerable.Range(1, 13).Reverse(),
            await WalkAsync(bench, $"/api/machines/vm/versions?order=desc&after=14&top={top}"));
    }

    [Fact]
    public async Task A_list_reads_the_head_and_its_pages_and_nothing_else()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 20);
        var seen = new ConcurrentQueue<StoreOperation>();
        bench.Base.Process.Trace = seen.Enqueue;
        bench.Delta.Process.Trace = seen.Enqueue;

        await bench.ReadAsync("/api/machines/vm");
        await bench.ReadAsync("/api/machines/vm/versions?order=desc");
        await bench.ReadAsync("/api/machines/vm/versions/latest");
        await bench.ReadAsync("/api/machines/vm/versions/3");

        Assert.NotEmpty(seen);
        Assert.All(seen, operation => Assert.True(
            operation.Store == "base"
            && (operation.Name.EndsWith("/head.json", StringComparison.Ordinal)
                || operation.Name.Contains("/pages/", StringComparison.Ordinal)),
            $"{operation}"));
    }

    [Fact]
    public async Task Filters_narrow_a_list_and_go_with_the_link_to_the_next_page()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 12);
        const string Path = "/api/machines/vm/versions";

        Assert.Equal([7], await WalkAsync(bench, $"{Path}?label=number%207"));
        Assert.Equal([], await WalkAsync(bench, $"{Path}?label=number"));
        Assert.Equal([1, 10, 11, 12], await WalkAsync(bench, $"{Path}?labelContains=NUMBER%201&top=1"));
        Assert.Equal([5], await WalkAsync(bench, $"{Path}?snapshot=snap-5"));
        var fifth = (await bench.ReadAsync($"{Path}/5"))["time"]!.GetValue<string>();
        var eighth = (await bench.ReadAsync($"{Path}/8"))["time"]!.GetValue<string>();
        Assert.Equal(
            [5, 6, 7, 8],
            await WalkAsync(
                bench,
                $"{Path}?top=3&from={Uri.EscapeDataString(fifth)}&to={Uri.EscapeDataString(eighth)}"));
    }

    [Fact]
    public async Task What_was_withdrawn_is_hidden_unless_it_is_asked_for()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 6);
        await bench.Engine.Manifests.UpdateAsync("vm", async edit => await edit.ReplaceVersionAsync(
            (await edit.FindVersionAsync(6, default))! with { State = VersionState.Withdrawn },
            default));

        Assert.Equal(Enumerable.Range(1, 5), await WalkAsync(bench, "/api/machines/vm/versions"));
        Assert.Equal([6], await WalkAsync(bench, "/api/machines/vm/versions?state=withdrawn"));
        var latest = await bench.ReadAsync("/api/machines/vm/versions/latest");
        Assert.Equal(5, latest["version"]!.GetValue<int>());
        Assert.Equal(5, (await bench.ReadAsync("/api/machines/vm"))["newest"]!.GetValue<int>());
        Assert.Equal(
            (404, "not-found"),
            await ApiBench.ProblemAsync(bench.GetAsync("/api/machines/vm/versions/6")));
    }

    [Fact]
    public async Task Roles_follow_the_base_as_it_moves()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 5);
        await bench.RunJobAsync("/api/machines/vm/consolidate", """{"base": 3}""");

        var list = await bench.ReadAsync("/api/machines/vm/versions");
        Assert.Equal(3, list["base"]!.GetValue<int>());
        Assert.Equal(
            ["reverse", "reverse", "base", "forward", "forward"],
            list["versions"]!.AsArray().Select(v => v!["role"]!.GetValue<string>()));
        Assert.Equal(3, (await bench.ReadAsync("/api/machines/vm"))["base"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_base_of_a_machine_whose_base_never_moved_is_its_first_version()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.Engine.Manifests.CreateAsync(
            "vm", ApiBench.Layout,
            new MachinePolicy(new BaseRuleSettings(BaseRuleSettings.AfterForwards, int.MaxValue), 60));
        Assert.Null((await bench.ReadAsync("/api/machines/vm"))["base"]);
        await bench.IngestManyAsync("vm", 20);

        var machine = await bench.ReadAsync("/api/machines/vm");
        Assert.Equal(1, machine["base"]!.GetValue<int>());
        Assert.Equal("keep", machine["policy"]!["base"]!["kind"]!.GetValue<string>());
        Assert.Equal(
            "forward",
            (await bench.ReadAsync("/api/machines/vm/versions/20"))["role"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_version_tells_its_disks_and_links()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 2);
        var record = (await bench.Engine.Manifests.LoadAsync("vm")).Head.Versions[^1];

        var version = await bench.ReadAsync("/api/machines/vm/versions/latest");
        Assert.Equal(2, version["version"]!.GetValue<int>());
        Assert.Equal("ready", version["state"]!.GetValue<string>());
        Assert.Equal("number 2", version["label"]!.GetValue<string>());
        Assert.Equal("snap-2", version["snapshot"]!.GetValue<string>());
        Assert.Equal(record.Fingerprint.ToString(), version["fingerprint"]!.GetValue<string>());
        Assert.Equal(40 * 1024, version["sizeBytes"]!.GetValue<long>());
        Assert.Equal(256, version["changedBytes"]!.GetValue<long>());
        var file = Assert.Single(version["files"]!.AsArray())!;
        Assert.Equal(
            new byte[] { 1, 2, 2 },
            await bench.Client.GetByteArrayAsync(file["link"]!.GetValue<string>()));
        Assert.Equal(3, file["sizeBytes"]!.GetValue<long>());
        var disk = Assert.Single(version["disks"]!.AsArray())!;
        Assert.Equal(record.Disks[0].Node.ToString(), disk["node"]!.GetValue<string>());
        Assert.Equal(
            "/api/machines/vm/versions/2/disks/disk0", disk["link"]!.GetValue<string>());
        Assert.Equal(
            "/api/machines/vm/versions/2", version["links"]!["self"]!.GetValue<string>());
        Assert.Equal(
            JsonNode.Parse(version.ToJsonString())!.ToJsonString(),
            (await bench.ReadAsync("/api/machines/vm/versions/2")).ToJsonString());
    }

    [Theory]
    [InlineData("/versions/0", 400)]
    [InlineData("/versions/-1", 400)]
    [InlineData("/versions/newest", 400)]
    [InlineData("/versions/99999999999", 400)]
    [InlineData("/versions/3", 404)]
    [InlineData("/versions?order=up", 400)]
    [InlineData("/versions?state=Ready", 400)]
    [InlineData("/versions?state=1", 400)]
    [InlineData("/versions?from=yesterday", 400)]
    [InlineData("/versions?after=-1", 400)]
    [InlineData("/versions?top=1&top=2", 400)]
    public async Task A_wrong_call_is_told_what_is_wrong(string path, int status)
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 2);
        var (found, _) = await ApiBench.ProblemAsync(bench.GetAsync($"/api/machines/vm{path}"));
        Assert.Equal(status, found);
    }

    private static async Task<List<int>> WalkAsync(ApiBench bench, string? path)
    {
        var numbers = new List<int>();
        while (path is not null)
        {
            var page = await bench.ReadAsync(path);
            numbers.AddRange(
                page["versions"]!.AsArray().Select(v => v!["version"]!.GetValue<int>()));
            path = page["next"]?.GetValue<string>();
            Assert.True(numbers.Count < 100, "the pages do not end");
        }
        return numbers;
    }
}
