using System.Diagnostics;
using System.Text;
using System.Text.Json;
using SnapshotFunctions.LocalTests.Commands;
using Xunit;

namespace SnapshotFunctions.LocalTests.Mounting;

/// <summary><c>mount</c> as a process of its own, at a Unix socket.</summary>
internal sealed class MountProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;

    private MountProcess(Process process, JsonElement document, Task<string> log) =>
        (_process, Document, _log) = (process, document, log);

    /// <summary>What it said that it serves.</summary>
    public JsonElement Document { get; }

    /// <summary>The mount's id.</summary>
    public string Id => Document.GetProperty("id").GetString()!;

    /// <summary>What clients take for its first disk.</summary>
    public string Uri =>
        Document.GetProperty("disks")[0].GetProperty("uris")[0].GetString()!;

    public static async Task<MountProcess> StartAsync(
        CommandBench bench, params string[] arguments)
    {
        var process = bench.Start(
            ["mount", .. arguments, "--json", "--unix", bench["n.sock"]]);
        var log = process.StandardError.ReadToEndAsync();
        var text = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            text.AppendLine(line);
            if (line is "}") break;
        }
        Assert.True(text.Length > 0, "mount ended before it served anything");
        return new MountProcess(process, JsonDocument.Parse(text.ToString()).RootElement, log);
    }

    /// <summary>Sends SIGTERM, waits, and tells its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Kills it as the system would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        await _log;
        _process.Dispose();
    }
}
