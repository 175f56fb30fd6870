using System.CommandLine;
using System.Net;
using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Rendering;
using SnapshotFunctions.Local.Serving;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>serve</c>: takes in what is put into a folder, until it is stopped.</summary>
internal static class ServeCommand
{
    private const int MostPort = 65_535;

    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan WaitForOthers = TimeSpan.FromMinutes(10);

    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var port = new Option<int?>("--port")
        {
            Description = "Answer GET /healthz on this port of 127.0.0.1.",
            HelpName = "PORT",
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > MostPort)
                result.AddError($"--port: expected 1 to {MostPort}.");
        });
        var incoming = new Option<string?>("--incoming")
        {
            Description = "The folder to watch. Default: 'incoming' in the store's folder. Bad "
                + "uploads are moved to 'quarantine' beside it.",
            HelpName = "FOLDER",
        };
        var command = new Command(
            "serve",
            "Take in what is put into a folder as machine/snapshot/disk.qcow2 (or .raw, .img), "
            + "until Ctrl-C.")
        {
            port, incoming,
        };
        return shell.Bind(command, (parse, session, cancellation) => RunAsync(
            session, parse.GetValue(port), parse.GetValue(incoming), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, int? port, string? folder, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: true, cancellation);
        var path = folder is null ? engine.Store.IncomingFolder : Path.GetFullPath(folder);
        if (path is null)
        {
            throw new RefusedException(
                "incoming", "This store has no folder of its own: name one with --incoming.");
        }
        await using var health = port is null ? null : Listen(port.Value, engine);
        var incoming = new IncomingFolder(path);
        var quarantine = new Quarantine(
            Path.Combine(Path.GetDirectoryName(path)!, "quarantine"));
        var uploads = new FolderIntake(incoming, quarantine);
        using var output = session.Console.OpenText();
        void Tell(ServeEvent item) => Write(output, item, session.Json);

        Tell(new ServeEvent(session.Time.GetUtcNow(), "watching", Message: path));
        await new IncomingWatch(
            engine, incoming, new UploadIntake(engine, uploads, WaitForOthers, Tell), PollEvery,
            WaitForOthers, Tell).RunAsync(cancellation);
        Tell(new ServeEvent(
            session.Time.GetUtcNow(), "stopped",
            Message: "What was begun goes on with the next start."));
        return ExitCodes.Ok;
    }

    private static HealthEndpoint Listen(int port, Hosting.LocalEngine engine)
    {
        try
        {
            return HealthEndpoint.Start(port, engine.Runner);
        }
        catch (HttpListenerException error)
        {
            throw new RefusedException("port", $"Port {port} cannot be used: {error.Message}.");
        }
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
