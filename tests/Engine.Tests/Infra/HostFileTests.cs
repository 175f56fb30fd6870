using System.Text.Json.Nodes;
using Xunit;

namespace SnapshotFunctions.EngineTests.Infra;

public sealed class HostFileTests
{
    [Fact]
    public void The_schedulers_host_file_differs_only_in_where_histories_are_kept()
    {
        var storage = Durable("host.json", out var first);
        var scheduler = Durable("functions/App/host.scheduler.json", out var second);
        var provider = scheduler["storageProvider"]!;
        Assert.Equal("azureManaged", provider["type"]!.GetValue<string>());
        var settings = InfraFiles.Text("infra/app/functions.bicep");
        // Both are app settings that the template makes.
        Assert.Contains(
            $"{provider["connectionStringName"]!.GetValue<string>()}:", settings,
            StringComparison.Ordinal);
        Assert.Contains(
            $"{scheduler["hubName"]!.GetValue<string>().Trim('%')}:", settings,
            StringComparison.Ordinal);
        foreach (var own in new[] { "hubName", "storageProvider" })
        {
            storage.Remove(own);
            scheduler.Remove(own);
        }
        Assert.True(JsonNode.DeepEquals(first, second), "The two files differ elsewhere.");
    }

    [Fact]
    public void The_app_takes_the_schedulers_file_where_azd_says_so()
    {
        var project = InfraFiles.Text("functions/App/App.csproj");
        Assert.Contains(
            "<HostFile Condition=\"'$(DURABLE_BACKEND)' == 'scheduler'\">host.scheduler.json</HostFile>",
            project, StringComparison.Ordinal);
        Assert.Contains("DURABLE_BACKEND", InfraFiles.Text("infra/main.parameters.json"), StringComparison.Ordinal);
    }

    private static JsonObject Durable(string file, out JsonNode whole)
    {
        whole = JsonNode.Parse(InfraFiles.Text(file))!;
        return whole["extensions"]!["durableTask"]!.AsObject();
    }
}
