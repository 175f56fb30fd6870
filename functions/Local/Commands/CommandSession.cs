using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using SnapshotFunctions.Local.Runner;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary>One run of a command: its store, its clock, and how it speaks.</summary>
internal sealed class CommandSession(
    HostConsole console, string? store, bool json, TimeSpan wait, TimeProvider time)
{
    /// <summary>The console.</summary>
    public HostConsole Console => console;

    /// <summary>Whether one JSON document is wanted instead of text.</summary>
    public bool Json => json;

    /// <summary>The file of prices; null for the built-in table.</summary>
    public string? PricesFile { get; init; }

    /// <summary>Whether what was billed is told too.</summary>
    public bool Verbose { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Opens the store.</summary>
    /// <param name="create">Whether a store that is not there is made.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<LocalEngine> OpenAsync(bool create, CancellationToken cancellation)
    {
        var prices = await PriceFile.ReadAsync(PricesFile, cancellation);
        return Open(await OpenStoreAsync(create, cancellation), prices);
    }

    /// <summary>Opens the store alone.</summary>
    /// <param name="create">Whether a store that is not there is made.</param>
    /// <param name="cancellation">Ends the call.</param>
    public Task<OpenStore> OpenStoreAsync(bool create, CancellationToken cancellation) =>
        StoreSetting.Parse(store ?? Environment.GetEnvironmentVariable(StoreSetting.Variable))
            .OpenAsync(create, time, cancellation);

    /// <summary>The engine over a store that is open.</summary>
    public LocalEngine Open(OpenStore open, PriceTable prices) =>
        new(
            open, time, Tracing ? new TraceLogger(console.Error) : NullLogger.Instance,
            prices: prices);

    /// <summary>Whether the user wants to see where errors arise.</summary>
    public static bool Tracing =>
        Environment.GetEnvironmentVariable("SNAPSHOTS_TRACE") is "1";

    /// <summary>A word to the user, beside the results.</summary>
    public void Say(string text) => console.Error.WriteLine(text);

    /// <summary>Results as text.</summary>
    public void Write(Action<IAnsiConsole> draw)
    {
        using var text = console.OpenText();
        draw(console.Draw(text, console.OutputIsTerminal));
    }

    /// <summary>The result as JSON when that is wanted, else as text.</summary>
    public void Write<T>(T document, JsonTypeInfo<T> type, Action<IAnsiConsole> draw)
    {
        if (!json)
        {
            Write(draw);
            return;
        }
        JsonSerializer.Serialize(console.Output, document, type);
        console.Output.Write("\n"u8);
        console.Output.Flush();
    }

    /// <summary>A result that is JSON already.</summary>
    public async Task WriteAsync(byte[] json, CancellationToken cancellation)
    {
        await console.Output.WriteAsync(json, cancellation);
        await console.Output.WriteAsync("\n"u8.ToArray(), cancellation);
        await console.Output.FlushAsync(cancellation);
    }

    /// <summary>Does work and shows how far it is, on a terminal with bars that move.</summary>
    public async Task<T> ShowAsync<T>(ProgressRelay relay, Func<Task<T>> work)
    {
        try
        {
            if (json) return await work();
            if (!console.ErrorIsTerminal)
            {
                relay.Show(new LineProgress(console.Error, time).Show);
                return await work();
            }
            return await BarProgress.RunAsync(
                console.Draw(console.Error, isTerminal: true),
                async bars =>
                {
                    relay.Show(bars.Show);
                    var result = await work();
                    bars.EndAll();
                    return result;
                });
        }
        finally
        {
            relay.Show(null);
        }
    }

    /// <summary>
    /// Comes to a machine that a command is going to change: waits for others, ends what was
    /// interrupted, and says so.
    /// </summary>
    public async Task<MachineDrive> EnterAsync(
        LocalEngine engine, string machine, CancellationToken cancellation)
    {
        var drive = await ShowAsync(engine.Progress, () => MachineDrive.EnterAsync(
            engine, machine, wait, Waiting(machine), cancellation));
        foreach (var resumed in drive.Resumed) Say(Words(resumed));
        return drive;
    }

    /// <summary>Keeps other commands from a machine whose manifest may be lost.</summary>
    public Task<DriverLease> LeaseAsync(
        LocalEngine engine, string machine, CancellationToken cancellation) =>
        DriverLease.TakeAsync(engine.Store.Base, machine, wait, time, Waiting(machine), cancellation);

    /// <summary>What was resumed, for JSON.</summary>
    public static IReadOnlyList<ResumedDocument> Documents(MachineDrive drive) =>
        [.. drive.Resumed.Select(r => new ResumedDocument(
            r.Job.InstanceId, r.Job.Flow, r.Job.State.ToString().ToLowerInvariant(),
            r.Job.ErrorCode, r.Trouble?.Message ?? r.Job.ErrorMessage))];

    private Action<string> Waiting(string machine) => other => Say(
        $"'{machine}' is being worked on by {other}, waiting (Ctrl-C to give up) ...");

    private static string Words(ResumedJob resumed) => resumed switch
    {
        { Trouble: { } trouble } =>
            $"Could not go on with {resumed.Job.InstanceId}: {trouble.Message}",
        { Job.State: JobState.Completed } =>
            $"Ended the interrupted {resumed.Job.InstanceId}: {resumed.Job.Output}",
        _ => $"Ended the interrupted {resumed.Job.InstanceId}, which had failed: "
            + $"{resumed.Job.ErrorMessage}",
    };
}
