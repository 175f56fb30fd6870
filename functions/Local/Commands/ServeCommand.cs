using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using SnapshotFunctions.Local.Serving;
using SnapshotFunctions.Local.Serving.Logs;

namespace SnapshotFunctions.Local.Commands;

/// <summary>
/// <c>serve</c>: serves the HTTP API and takes in what is put into a folder, until it is stopped.
/// </summary>
internal static class ServeCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var options = new ServeOptions();
        var command = new Command(
            "serve",
            "Serve the HTTP API, and take in what is put into a folder as "
            + "machine/snapshot/disk.qcow2 (or .raw, .img), until Ctrl-C.");
        options.AddTo(command);
        return shell.Bind(command, (parse, session, cancellation) => RunAsync(
            session, store => options.Read(parse, store), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, Func<OpenStore, ServeSetting> settingOf,
        CancellationToken cancellation)
    {
        using var store = await session.OpenStoreAsync(create: true, cancellation);
        var setting = settingOf(store);
        using var metrics = new ServeMetrics();
        using var logs = new LineLoggerProvider(
            session.Console.Error, session.Json,
            CommandSession.Tracing ? LogLevel.Debug : LogLevel.Information, session.Time);
        using var output = session.Console.OpenText();
        void Tell(ServeEvent item) => Write(output, item, session.Json);

        var tables = await ServeTables.OpenAsync(
            store, logs.CreateLogger("Tables"),
            text => Tell(new ServeEvent(session.Time.GetUtcNow(), "note", Message: text)),
            cancellation);
        using var engine = new LocalEngine(
            store, session.Time, logs.CreateLogger("Runner"), metrics, tables?.Catalog,
            await PriceFile.ReadAsync(session.PricesFile, cancellation));
        await new ServeHost(setting, engine, metrics, logs, tables, Tell).RunAsync(cancellation);
        Tell(new ServeEvent(
            session.Time.GetUtcNow(), "stopped",
            Message: "What was begun goes on with the next start."));
        return ExitCodes.Ok;
    }

    private static void Write(TextWriter output, ServeEvent item, bool json)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(item, ServingJson.Default.ServeEvent));
            return;
        }
        var name = item switch
        {
            { Machine: null } => string.Empty,
            { Snapshot: null } => $" {item.Machine}",
            _ => $" {item.Machine}/{item.Snapshot}",
        };
        var code = item.Code is null ? string.Empty : $" [{item.Code}]";
        output.WriteLine($"{Amounts.Time(item.Time)} {item.Event}{name}{code} {item.Message}");
    }
}
