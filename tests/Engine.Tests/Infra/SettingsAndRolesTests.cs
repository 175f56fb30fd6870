using System.Text.RegularExpressions;
using Xunit;

namespace SnapshotFunctions.EngineTests.Infra;

/// <summary>
/// That the README tells of every setting and role, and that the app knows what is set for it.
/// </summary>
public sealed partial class SettingsAndRolesTests
{
    [Fact]
    public void Every_setting_of_the_app_stands_in_the_readme_and_no_other_does()
    {
        Assert.True(Settings().Count > 15, "Hardly any setting was found.");
        Assert.Equal(
            Settings(),
            SettingRow().Matches(Section("Settings of the app"))
                .Select(m => m.Groups["name"].Value)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_the_template_sets_for_the_app_is_named_in_the_app()
    {
        // Names that the platform or an SDK reads are not the app's to know.
        string[] own = ["SNAPSHOTS_", "Incoming__", "ServiceBus__"];
        var sources = AppSources();
        foreach (var setting in Settings().Where(s => own.Any(s.StartsWith)))
        {
            var name = setting.Split("__")[0];
            Assert.True(
                sources.Count == 0
                || sources.Any(text => text.Contains($"\"{name}", StringComparison.Ordinal)),
                $"{setting} is set for the app, but nothing in functions/App names \"{name}\".");
        }
    }

    [Fact]
    public void What_alerts_look_for_is_logged()
    {
        var alerts = InfraFiles.Template("infra/app/alerts.bicep").Text;
        var events = Event().Matches(alerts).Select(m => m.Groups["name"].Value).ToList();
        var field = Field().Match(alerts).Groups["name"].Value;
        Assert.Equal(2, events.Count);
        Assert.All(events.Append(field), Documented);

        // An event is called after its logging method unless it is given a name.
        Assert.All(events, name => Expect($"EventName = \"{name}\"", $" void {name}(ILogger"));
        Expect($"{{{field}}}");
    }

    [Fact]
    public void Uploads_are_announced_to_a_function_of_the_app()
    {
        var script = FunctionName().Match(InfraFiles.Text("infra/scripts/post-deploy.sh"));
        var name = script.Groups["name"].Value;
        Documented(name);
        Expect($"Function(\"{name}\")", $"Function(nameof({name}))");
    }

    [Fact]
    public void Every_role_is_assigned_with_a_reason_and_stands_in_the_readme()
    {
        var templates = new[] { "infra/app/roles.bicep", "infra/app/roles-scheduler.bicep" }
            .Select(path => InfraFiles.Template(path).Text).ToList();
        var documented = Section("Roles");
        var ids = templates.SelectMany(text => RoleId().Matches(text)).ToList();
        Assert.Equal(10, ids.Count);
        Assert.All(
            ids.Select(id => id.Groups["id"].Value),
            id => Assert.Contains(id, documented, StringComparison.Ordinal));

        var assignments = templates.SelectMany(text => Assignment().Matches(text)).ToList();
        Assert.Equal(
            templates.Sum(text => text.Split("/roleAssignments@").Length - 1), assignments.Count);
        Assert.True(assignments.Count > 15, "Hardly any assignment was found.");
        foreach (var assignment in assignments)
        {
            Assert.StartsWith("//", assignment.Groups["before"].Value, StringComparison.Ordinal);
            Assert.Contains(ids, id => id.Groups["name"].Value == assignment.Groups["role"].Value);

            // A name made of another role's id would collide with that role's own assignment.
            Assert.Equal(assignment.Groups["role"].Value, assignment.Groups["named"].Value);
        }
    }

    private static List<string> Settings()
    {
        var template = InfraFiles.Template("infra/app/functions.bicep").Text;
        return Block().Matches(template)
            .SelectMany(block => Setting().Matches(block.Groups["body"].Value))
            .Select(m => m.Groups["name"].Value).Order(StringComparer.Ordinal).ToList();
    }

    // Empty until the app is there, and then these tests hold it to the template.
    private static List<string> AppSources() =>
        InfraFiles.Below("functions/App", "*.cs").Select(InfraFiles.Text).ToList();

    private static void Documented(string name) => Assert.Contains(
        $"`{name}`", Section("Settings of the app"), StringComparison.Ordinal);

    private static void Expect(params string[] anyOf)
    {
        var sources = AppSources().Count == 0
            ? []
            : InfraFiles.Below("functions", "*.cs").Select(InfraFiles.Text).ToList();
        Assert.True(
            sources.Count == 0
            || sources.Any(text => anyOf.Any(a => text.Contains(a, StringComparison.Ordinal))),
            $"Nothing in functions/ says {string.Join(" or ", anyOf)}.");
    }

    private static string Section(string title)
    {
        var text = InfraFiles.Readme;
        var start = text.IndexOf($"\n## {title}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"The README has no section '{title}'.");
        var end = text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    [GeneratedRegex(
        @"^var (?:settings|schedulerSettings) = \{\n(?<body>(?:  .*\n|\n)*)\}",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex Block();

    [GeneratedRegex(
        @"^  (?<name>\w+): ",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex Setting();

    [GeneratedRegex(
        @"^\| `(?<name>\w+)` \| ",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex SettingRow();

    [GeneratedRegex(
        @"^var \w+Event = '(?<name>\w+)'",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex Event();

    [GeneratedRegex(
        @"^var oldestField = '(?<name>\w+)'",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex Field();

    [GeneratedRegex(
        @"""functionName=(?<name>\w+)""",
        RegexOptions.None, InfraFiles.MatchMilliseconds)]
    private static partial Regex FunctionName();

    [GeneratedRegex(
        @"^var (?<name>\w+) = subscriptionResourceId\(roleType, '(?<id>[0-9a-f-]{36})'\)",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex RoleId();

    [GeneratedRegex(
        @"^(?<before>.*)\nresource \w+ 'Microsoft\.Authorization/roleAssignments@[^{]*\{\n"
        + @"  scope: (?<scope>\S+)\n  name: guid\(\k<scope>\.id, \w+, (?<named>\w+)\)\n"
        + @"  properties: \{\n    roleDefinitionId: (?<role>\w+)\n",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex Assignment();
}
