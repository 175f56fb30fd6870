using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace SnapshotFunctions.EngineTests.Infra;

/// <summary>
/// What azd passes from its environment to the templates, and back to scripts and readers.
/// </summary>
public sealed partial class EnvironmentTests
{
    private static readonly string[] FromAzd =
    [
        "AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_PRINCIPAL_ID", "AZURE_PRINCIPAL_TYPE",
        "AZURE_SUBSCRIPTION_ID",
    ];

    // PowerShell's own, and one that only a test of the script sets.
    private static readonly string[] FromElsewhere = ["LASTEXITCODE", "POST_DEPLOY_WAIT_SECONDS"];

    [Fact]
    public void The_parameter_file_gives_main_all_it_asks_for_and_nothing_else()
    {
        var given = Parameters().Select(p => p.Name).ToList();
        Assert.Equal(
            InfraFiles.Main.Parameters.Keys.Order(StringComparer.Ordinal),
            given.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_default_of_the_parameter_file_is_the_templates_own()
    {
        foreach (var (name, variable, standard) in Parameters().Where(p => p.Default is not null))
        {
            var start = $"param {name} ";
            var line = InfraFiles.Main.Text.Split('\n')
                .Single(text => text.StartsWith(start, StringComparison.Ordinal));
            var own = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim(' ', '\'');
            Assert.True(own == standard, $"{variable} is '{standard}', {name} is '{own}'.");
        }
    }

    [Fact]
    public void Every_variable_of_the_parameter_file_stands_in_the_readme_with_its_default()
    {
        var rows = ParameterRow().Matches(InfraFiles.Readme)
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["default"].Value,
                StringComparer.Ordinal);
        var own = Parameters().Where(p => !FromAzd.Contains(p.Variable)).ToList();
        Assert.Equal(
            own.Select(p => p.Variable).Order(StringComparer.Ordinal),
            rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(own, p => Assert.Equal(
            p.Default is { Length: > 0 } value ? $"`{value}`" : "none", rows[p.Variable]));
    }

    [Fact]
    public void Every_variable_that_a_script_or_the_readme_reads_is_an_output_of_main()
    {
        var sources = InfraFiles.Below("infra/scripts", "*").Append("README.md").ToList();
        Assert.Equal(5, sources.Count);
        foreach (var source in sources)
        {
            var text = InfraFiles.Text(source);
            // The rest of the readme's variables are its own.
            if (text.IndexOf("## On Azure", StringComparison.Ordinal) is >= 0 and var start)
                text = text[start..text.IndexOf("\n### ", start, StringComparison.Ordinal)];
            var read = Variable().Matches(text).Select(m => m.Groups["name"].Value)
                .Distinct().ToList();
            Assert.NotEmpty(read);
            Assert.Empty(
                read.Except(InfraFiles.Main.Outputs).Except(FromAzd).Except(FromElsewhere));
        }
    }

    [Fact]
    public void Both_shells_deploy_the_subscription_of_uploads_with_the_same_parameters()
    {
        var asked = InfraFiles.Template("infra/app/upload-subscription.bicep").Parameters.Keys
            .Order(StringComparer.Ordinal).ToList();
        var sh = Passed("infra/scripts/post-deploy.sh", "$", "$");
        var pwsh = Passed("infra/scripts/post-deploy.ps1", "$env:", "$");
        Assert.Equal(asked, sh.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(asked, pwsh.Keys.Order(StringComparer.Ordinal));
        Assert.All(asked, name => Assert.Equal(sh[name], pwsh[name]));
    }

    [Fact]
    public void Every_hook_names_a_script_for_either_shell_and_the_service_is_the_templates()
    {
        var azd = InfraFiles.Text("azure.yaml");
        var scripts = Run().Matches(azd).Select(m => m.Groups["name"].Value).ToList();
        Assert.Equal(
            InfraFiles.Below("infra/scripts", "*"), scripts.Order(StringComparer.Ordinal));
        Assert.All(Shell().Matches(azd), m => Assert.Equal(
            m.Groups["shell"].Value == "pwsh" ? ".ps1" : ".sh",
            Path.GetExtension(m.Groups["script"].Value)));

        var service = Service().Match(azd);
        Assert.True(service.Success, "azure.yaml has no service.");
        Assert.True(InfraFiles.Exists(service.Groups["project"].Value));
        Assert.Contains(
            $"serviceName: '{service.Groups["name"].Value}'", InfraFiles.Main.Text,
            StringComparison.Ordinal);
    }

    private static List<(string Name, string Variable, string? Default)> Parameters()
    {
        using var json = JsonDocument.Parse(InfraFiles.Text("infra/main.parameters.json"));
        return json.RootElement.GetProperty("parameters").EnumerateObject().Select(p =>
        {
            var value = p.Value.GetProperty("value").GetString()!;
            var match = Substitution().Match(value);
            Assert.True(match.Success, $"{p.Name} is '{value}', expected ${{NAME}}.");
            var standard = match.Groups["default"];
            return (p.Name, match.Groups["name"].Value, standard.Success ? standard.Value : null);
        }).ToList();
    }

    // The template's parameters as a script passes them, with the shell's way to name a variable
    // taken off.
    private static Dictionary<string, string> Passed(string script, string mark, string plain) =>
        Argument().Matches(InfraFiles.Text(script)).ToDictionary(
            m => m.Groups["name"].Value,
            m => m.Groups["value"].Value.Replace(mark, plain, StringComparison.Ordinal),
            StringComparer.Ordinal);

    [GeneratedRegex(
        @"^\$\{(?<name>[A-Z][A-Z0-9_]*)(?:=(?<default>[^}]*))?\}$",
        RegexOptions.None, InfraFiles.MatchMilliseconds)]
    private static partial Regex Substitution();

    [GeneratedRegex(
        @"^\| `(?<name>[A-Z_]+)` \| (?<default>`[^`]*`|none) \| ",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex ParameterRow();

    [GeneratedRegex(
        @"\$(?:env:|\{)?(?<name>[A-Z][A-Z0-9_]+)(?!\w)",
        RegexOptions.None, InfraFiles.MatchMilliseconds)]
    private static partial Regex Variable();

    [GeneratedRegex(
        @"""(?<name>\w+)=(?<value>[^""]+)""",
        RegexOptions.None, InfraFiles.MatchMilliseconds)]
    private static partial Regex Argument();

    [GeneratedRegex(
        @"^ +run: (?<name>\S+)$",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex Run();

    [GeneratedRegex(
        @"shell: (?<shell>\w+)\n +run: (?<script>\S+)",
        RegexOptions.None, InfraFiles.MatchMilliseconds)]
    private static partial Regex Shell();

    [GeneratedRegex(
        @"^services:\n  (?<name>\w+):\n    project: (?<project>\S+)$",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex Service();
}
