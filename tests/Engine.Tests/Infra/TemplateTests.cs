using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace SnapshotFunctions.EngineTests.Infra;

public sealed partial class TemplateTests
{
    [Fact]
    public void Every_json_file_can_be_read()
    {
        var files = InfraFiles.Below("infra", "*.json").ToList();
        Assert.True(files.Count >= 3, "Hardly any JSON file was found.");
        foreach (var file in files)
            using (JsonDocument.Parse(InfraFiles.Text(file))) { }
    }

    [Fact]
    public void Every_module_exists_and_gets_the_parameters_it_asks_for_and_no_others()
    {
        var calls = InfraFiles.Templates.SelectMany(template => template.Modules).ToList();
        Assert.Equal(
            InfraFiles.Main.Text.Split("\nmodule ").Length - 1, calls.Count);
        foreach (var call in calls)
        {
            Assert.True(InfraFiles.Exists(call.Path), $"{call.Name} names {call.Path}.");
            var asked = InfraFiles.Template(call.Path).Parameters;
            Assert.Empty(call.Parameters.Except(asked.Keys));
            Assert.Empty(asked.Where(p => !p.Value).Select(p => p.Key).Except(call.Parameters));
        }
    }

    [Fact]
    public void Every_output_that_is_read_is_one_of_its_module()
    {
        foreach (var template in InfraFiles.Templates)
        {
            foreach (var (module, output) in template.OutputsRead)
            {
                var call = template.Modules.Single(m => m.Name == module);
                Assert.Contains(output, InfraFiles.Template(call.Path).Outputs);
            }
        }
    }

    [Fact]
    public void Every_template_is_deployed_by_main_or_by_a_script()
    {
        var used = InfraFiles.Main.Modules.Select(call => call.Path)
            .Append("infra/main.bicep").Append("infra/app/upload-subscription.bicep").Distinct();
        Assert.Equal(
            InfraFiles.Templates.Select(template => template.Path),
            used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_abbreviation_is_used_and_known()
    {
        using var json = JsonDocument.Parse(InfraFiles.Text("infra/abbreviations.json"));
        var known = json.RootElement.EnumerateObject().Select(p => p.Name);
        var used = Abbreviation().Matches(InfraFiles.Main.Text)
            .Select(m => m.Groups["name"].Value).Distinct();
        Assert.Equal(known.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_account_turns_keys_and_public_blobs_off_and_asks_for_tls()
    {
        var accounts = Made("'Microsoft.Storage/storageAccounts@").ToList();
        Assert.Equal(2, accounts.Count);
        foreach (var account in accounts)
        {
            Assert.Contains("allowSharedKeyAccess: false", account, StringComparison.Ordinal);
            Assert.Contains("allowBlobPublicAccess: false", account, StringComparison.Ordinal);
            Assert.Contains("minimumTlsVersion: 'TLS1_2'", account, StringComparison.Ordinal);
            Assert.Contains("supportsHttpsTrafficOnly: true", account, StringComparison.Ordinal);
        }

        var bus = Assert.Single(Made("'Microsoft.ServiceBus/namespaces@"));
        Assert.Contains("disableLocalAuth: true", bus, StringComparison.Ordinal);
        var insights = Assert.Single(Made("'Microsoft.Insights/components@"));
        Assert.Contains("DisableLocalAuth: true", insights, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_asked_for_only_where_event_grid_needs_one()
    {
        var asking = InfraFiles.Templates
            .Where(template => Keys().IsMatch(template.Text)).Select(template => template.Path);
        Assert.Equal(["infra/app/upload-subscription.bicep"], asking);
        Assert.Empty(InfraFiles.Template("infra/app/upload-subscription.bicep").Outputs);
    }

    [Fact]
    public void No_lifecycle_rule_touches_a_current_blob_or_moves_a_version()
    {
        var rule = Assert.Single(Made("'Microsoft.Storage/storageAccounts/managementPolicies@"));
        Assert.Contains("version: {", rule, StringComparison.Ordinal);
        Assert.DoesNotContain("baseBlob", rule, StringComparison.Ordinal);
        Assert.DoesNotContain("tierTo", rule, StringComparison.Ordinal);
    }

    // The body of each resource of a type that is made, not only referred to.
    private static IEnumerable<string> Made(string type) =>
        from template in InfraFiles.Templates
        from Match block in Resource().Matches(template.Text)
        where block.Value.Contains(type, StringComparison.Ordinal)
            && !block.Groups["head"].Value.Contains(" existing ", StringComparison.Ordinal)
        select block.Value;

    [GeneratedRegex(
        @"^(?<head>resource .*)\n(?:[^}\n].*\n|\n)*^\}",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex Resource();

    [GeneratedRegex(
        @"abbrs\.(?<name>\w+)",
        RegexOptions.None, InfraFiles.MatchMilliseconds)]
    private static partial Regex Abbreviation();

    [GeneratedRegex(
        @"\blist\w*Keys\b|\blistKeys\b",
        RegexOptions.IgnoreCase, InfraFiles.MatchMilliseconds)]
    private static partial Regex Keys();
}
