using System.Diagnostics;
using SnapshotFunctions.LocalTests.Http.Description;
using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.LocalTests.Http.Tour;

/// <summary>Runs the session that README.md shows, with the curl of this machine.</summary>
[Trait("Category", "Oracle")]
public sealed class HttpTourTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_readers_session_of_lists_restores_and_jobs_goes_through()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.IngestAsync("web", "monday", "monday", ("disk0", ApiBench.Content(1)));
        await bench.IngestAsync("web", "tuesday", "tuesday", ("disk0", ApiBench.Content(2)));

        var (code, text) = await RunAsync(bench, "list", "restore", "jobs", "mount", "errors");
        output.WriteLine(text);
        Assert.True(code == 0, text);
        Assert.Contains("the session went through", text, StringComparison.Ordinal);
        Assert.Equal(ApiBench.Content(1), bench.Targets["/restored/monday.raw"]);
        Assert.Equal(["/restored/monday.raw"], bench.Targets.Names);
    }

    [Fact]
    public async Task A_session_ends_at_the_first_command_that_fails()
    {
        await using var bench = await ApiBench.StartAsync();
        var (code, text) = await RunAsync(bench, "restore");
        Assert.NotEqual(0, code);
        Assert.DoesNotContain("the session went through", text, StringComparison.Ordinal);
        (code, text) = await RunAsync(bench, "nothing");
        Assert.NotEqual(0, code);
        Assert.Contains("no part 'nothing'", text, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(
        ApiBench bench, params string[] parts)
    {
        var script = Path.Combine(NodeTool.ProjectFolder, "../Benchmarks/http-tour.sh");
        var host = bench.Client.BaseAddress!.ToString().TrimEnd('/');
        using var process = Process.Start(new ProcessStartInfo("bash", [script, host, .. parts])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, text + await errors);
    }
}
