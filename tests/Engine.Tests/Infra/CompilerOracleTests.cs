using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace SnapshotFunctions.EngineTests.Infra;

/// <summary>
/// Asks Bicep's own compiler, which knows every resource type, property and value of the versions
/// that the templates name.
/// </summary>
[Trait("Category", "Oracle")]
public sealed class CompilerOracleTests
{
    public static TheoryData<string> Templates =>
        new(InfraFiles.Templates.Select(template => template.Path));

    [Theory]
    [MemberData(nameof(Templates))]
    public async Task A_template_compiles_without_a_warning(string template)
    {
        var (code, said) = await CompileAsync(InfraFiles.Absolute(template));
        Assert.True(code == 0 && said.Length == 0, $"{template}: exit code {code}\n{said}");
    }

    [Fact]
    public async Task The_compiler_knows_the_types_and_says_what_is_wrong()
    {
        // Without types it would take every template, and the test above could not fail.
        var wrong = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.bicep");
        await File.WriteAllTextAsync(wrong, """
            resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
              name: 'plan'
              location: resourceGroup().location
              properties: {
                reservd: true
              }
            }

            """);
        try
        {
            var (_, said) = await CompileAsync(wrong);
            Assert.Contains("BCP089", said, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(wrong);
        }
    }

    private static async Task<(int Code, string Said)> CompileAsync(string template)
    {
        var compiler = typeof(CompilerOracleTests).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Bicep").Value!;
        if (OperatingSystem.IsWindows())
            compiler += ".exe";
        Assert.True(
            File.Exists(compiler), "The compiler is not there; restore with CI=true to fetch it.");
        var start = new ProcessStartInfo(compiler, ["build", template, "--stdout"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await output;
        return (process.ExitCode, (await errors).Trim());
    }
}
