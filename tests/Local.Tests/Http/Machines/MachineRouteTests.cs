using System.Text.Json.Nodes;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Machines;

public sealed class MachineRouteTests
{
    [Fact]
    public async Task A_store_without_machines_lists_none()
    {
        await using var bench = await ApiBench.StartAsync();
        var document = await bench.ReadAsync("/api/machines");
        Assert.Empty(document["machines"]!.AsArray());
        Assert.Null(document["next"]);
    }

    [Fact]
    public async Task Pages_of_machines_lead_over_all_of_them_once()
    {
        await using var bench = await ApiBench.StartAsync();
        // '-' comes before '/': the order of the heads' names is not that of the machines' names.
        string[] names = ["db", "web", "web-1", "web-2", "web0", "x"];
        foreach (var name in names)
            await bench.Engine.Manifests.CreateAsync(
                name, ApiBench.Layout, MachinePolicy.Default);

        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            (await WalkAsync(bench, "/api/machines?top=1")).Order(StringComparer.Ordinal));
        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            (await WalkAsync(bench, "/api/machines?top=4")).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["web", "web-1", "web-2", "web0"],
            (await WalkAsync(bench, "/api/machines?prefix=web&top=2")).Order(StringComparer.Ordinal));
        Assert.Equal(["web-1", "web-2"], await WalkAsync(bench, "/api/machines?prefix=web-"));
    }

    [Fact]
    public async Task A_machine_tells_its_disks_base_policy_and_layout()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestAsync(
            "vm", "first", "s1", ("boot", ApiBench.Content(1)), ("data", ApiBench.Content(2)));
        var second = await bench.IngestAsync(
            "vm", null, null, ("boot", ApiBench.Content(3)), ("data", ApiBench.Content(2)));

        var machine = await bench.ReadAsync("/api/machines/vm");
        Assert.Equal("vm", machine["name"]!.GetValue<string>());
        Assert.Equal(2, machine["newest"]!.GetValue<int>());
        Assert.Equal(2, machine["versions"]!.GetValue<int>());
        Assert.Equal(second.Base, machine["base"]!.GetValue<int>());
        Assert.Equal("newest", machine["policy"]!["base"]!["kind"]!.GetValue<string>());
        Assert.Equal("10m", machine["policy"]!["grace"]!.GetValue<string>());
        Assert.Equal(16384, machine["layout"]!["shardBytes"]!.GetValue<int>());
        Assert.Empty(machine["operations"]!.AsArray());
        Assert.Null(machine["turn"]);
        var disks = machine["disks"]!.AsArray();
        Assert.Equal(["boot", "data"], disks.Select(d => d!["name"]!.GetValue<string>()));
        Assert.All(disks, d => Assert.Equal(40 * 1024, d!["size"]!.GetValue<long>()));
        Assert.All(disks, d => Assert.Equal(40 * 1024, d!["sizeBytes"]!.GetValue<long>()));
        Assert.Equal(
            "/api/machines/vm/versions/2/disks/boot", disks[0]!["link"]!.GetValue<string>());
        Assert.Equal("/api/machines/vm", machine["links"]!["self"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_turn_and_an_operation_under_way_are_told_without_the_hosts_name()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 1);
        await bench.Engine.Manifests.UpdateAsync("vm", edit =>
        {
            edit.IssueOperation(number => new OperationRecord
            {
                Number = number, Kind = "forwards", Started = edit.Now, Job = "some-job", Target = 1,
            });
            return ValueTask.CompletedTask;
        });
        await bench.Engine.Manifests.AcquireTurnAsync("vm", "some-job|secret-host/4711");

        var text = await bench.Client.GetStringAsync("/api/machines/vm");
        Assert.DoesNotContain("secret-host", text, StringComparison.Ordinal);
        var machine = JsonNode.Parse(text)!;
        Assert.Equal("some-job", machine["turn"]!["job"]!.GetValue<string>());
        var operation = Assert.Single(machine["operations"]!.AsArray())!;
        Assert.Equal("forwards", operation["kind"]!.GetValue<string>());
        Assert.Equal(1, operation["target"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_damaged_head_does_not_hide_the_other_machines()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("good", 1);
        await bench.Base.PutAsync(
            ObjectNames.Head("bad"), "{ not a head"u8.ToArray(), new Engine.Ports.WriteOptions());

        var machines = (await bench.ReadAsync("/api/machines"))["machines"]!.AsArray();
        Assert.Equal(["bad", "good"], machines.Select(m => m!["name"]!.GetValue<string>()));
        Assert.NotNull(machines[0]!["damage"]);
        Assert.Null(machines[1]!["damage"]);
        Assert.Equal(
            (500, "corrupt-object"), await ApiBench.ProblemAsync(bench.GetAsync("/api/machines/bad")));
    }

    [Theory]
    [InlineData("/api/machines/none", 404, "not-found")]
    [InlineData("/api/machines/Upper", 400, "refused-parameter")]
    [InlineData("/api/machines/%2e%2e%2fx", 400, "refused-parameter")]
    [InlineData("/api/machines?top=0", 400, "refused-parameter")]
    [InlineData("/api/machines?top=1001", 400, "refused-parameter")]
    [InlineData("/api/machines?top=many", 400, "refused-parameter")]
    [InlineData("/api/machines?prefix=../jobs", 400, "refused-parameter")]
    public async Task A_wrong_call_is_told_what_is_wrong(string path, int status, string code)
    {
        await using var bench = await ApiBench.StartAsync();
        Assert.Equal((status, code), await ApiBench.ProblemAsync(bench.GetAsync(path)));
    }

    private static async Task<List<string>> WalkAsync(ApiBench bench, string? path)
    {
        var names = new List<string>();
        while (path is not null)
        {
            var page = await bench.ReadAsync(path);
            names.AddRange(page["machines"]!.AsArray().Select(m => m!["name"]!.GetValue<string>()));
            path = page["next"]?.GetValue<string>();
            Assert.True(names.Count < 100, "the pages do not end");
        }
        return names;
    }
}
