using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Demo;
using SnapshotFunctions.Local.Rendering;
using SnapshotFunctions.LocalTests.Oracle;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

/// <summary>A store in a temporary folder, and commands over it.</summary>
internal sealed class CommandBench : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The demo's images, oldest first.</summary>
    public static IReadOnlyList<DemoImage> Images { get; } = DemoImages.Find();

    /// <summary>The store's folder.</summary>
    public string Store => this["store"];

    /// <summary>The path of a file of the test.</summary>
    public string this[string name] => _folder[name];

    /// <summary>Runs a command in this process.</summary>
    public async Task<CommandOutcome> RunAsync(
        IReadOnlyList<string> arguments, CancellationToken cancellation = default)
    {
        using var output = new MemoryStream();
        await using var error = new StringWriter();
        var exit = await CommandLineHost.RunAsync(
            [.. arguments, "--store", Store], new HostConsole(output, TextWriter.Synchronized(error)),
            cancellation: cancellation);
        return new CommandOutcome(exit, output.ToArray(), error.ToString());
    }

    /// <summary>Runs a command in this process.</summary>
    public Task<CommandOutcome> RunAsync(params string[] arguments) =>
        RunAsync((IReadOnlyList<string>)arguments);

    /// <summary>Runs a command that must end well.</summary>
    public async Task<CommandOutcome> OkAsync(params string[] arguments)
    {
        var outcome = await RunAsync((IReadOnlyList<string>)arguments);
        Assert.True(
            outcome.Exit == ExitCodes.Ok,
            $"{string.Join(' ', arguments)} ended with {outcome.Exit}: {outcome.Error}{outcome.Text}");
        return outcome;
    }

    /// <summary>Runs a command that must end well with <c>--json</c>, and reads its document.</summary>
    public async Task<JsonElement> JsonAsync(params string[] arguments) =>
        (await OkAsync([.. arguments, "--json"])).Json;

    /// <summary>Takes the first images of the demo in as versions of a machine.</summary>
    public async Task IngestDemoAsync(string machine, int count)
    {
        foreach (var image in Images.Take(count)) await OkAsync("ingest", machine, image.Path);
    }

    /// <summary>SHA-256 of a disk at a version, as <c>read</c> gives it.</summary>
    public async Task<string> HashAsync(string machine, string version, long sizeBytes)
    {
        var read = await OkAsync(
            "read", machine, version, "--offset", "0", "--length", $"{sizeBytes}");
        Assert.Equal(sizeBytes, read.Output.Length);
        return Convert.ToHexStringLower(SHA256.HashData(read.Output));
    }

    /// <summary>Starts the program itself, as a process of its own.</summary>
    public Process Start(params string[] arguments) => Start(arguments, null);

    /// <summary>Starts the program itself, with one more variable.</summary>
    public Process Start(
        IReadOnlyList<string> arguments, (string Name, string Value)? variable)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (variable is { } more) start.Environment[more.Name] = more.Value;
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "snapshots.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.ArgumentList.Add("--store");
        start.ArgumentList.Add(Store);
        return Process.Start(start)!;
    }

    /// <summary>Writes a file of noise, the same for the same seed.</summary>
    public string Noise(string name, int lengthBytes, int seed)
    {
        var bytes = new byte[lengthBytes];
        new Random(seed).NextBytes(bytes);
        var path = this[name];
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
