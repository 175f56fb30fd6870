using System.CommandLine;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>list</c>: shows machines, or the versions of one.</summary>
internal static class ListCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = new Argument<string?>("machine")
        {
            Description = "The machine whose versions are shown; all machines without it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return shell.Bind(
            new Command("list", "Show the machines, or the versions of one.") { machine },
            async (parse, session, cancellation) =>
            {
                using var engine = await session.OpenAsync(create: false, cancellation);
                if (parse.GetValue(machine) is { } name)
                    await ShowVersionsAsync(session, engine, name, cancellation);
                else
                    await ShowMachinesAsync(session, engine, cancellation);
                return ExitCodes.Ok;
            });
    }

    /// <summary>Shows the versions of a machine.</summary>
    public static async Task ShowVersionsAsync(
        CommandSession session, LocalEngine engine, string machine, CancellationToken cancellation)
    {
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        var catalog = await VersionCatalog.LoadAsync(engine, manifest, cancellation);
        session.Write(
            new VersionsDocument(
                machine, catalog.Base, BaseRule.Text(manifest.Head.Policy.Base),
                manifest.Head.Hold,
                [.. catalog.Entries.Select(VersionTable.Document)]),
            DocumentJson.Default.VersionsDocument,
            text =>
            {
                if (manifest.Head.Hold is { } hold) text.WriteLine(VersionTable.Words(hold));
                text.Write(VersionTable.Draw(catalog));
            });
    }

    private static async Task ShowMachinesAsync(
        CommandSession session, LocalEngine engine, CancellationToken cancellation)
    {
        var found = new List<MachineDocument>();
        await foreach (var name in engine.Manifests.ListMachinesAsync(cancellation))
        {
            // Null: removed since it was listed.
            if (await engine.Manifests.FindAsync(name, cancellation) is { } manifest)
                found.Add(DocumentOf(manifest));
        }
        session.Write(
            new MachinesDocument(engine.Store.Description, found),
            DocumentJson.Default.MachinesDocument,
            text => Draw(text, engine.Store.Description, found));
    }

    private static MachineDocument DocumentOf(Manifest manifest)
    {
        var head = manifest.Head;
        var newest = head.Versions.Count == 0 ? null : head.Versions[^1];
        return new MachineDocument(
            head.Machine, manifest.NewestNumber, head.Pages.Sum(p => p.Count) + head.Versions.Count,
            newest?.Time, newest?.Disks.Sum(d => d.SizeBytes) ?? 0);
    }

    private static void Draw(IAnsiConsole text, string store, List<MachineDocument> machines)
    {
        if (machines.Count == 0)
        {
            text.WriteLine($"{store} holds no machine yet.");
            return;
        }
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("machine");
        table.AddColumn(new TableColumn("newest").RightAligned());
        table.AddColumn(new TableColumn("versions").RightAligned());
        table.AddColumn("time (UTC)");
        table.AddColumn(new TableColumn("size").RightAligned());
        foreach (var machine in machines)
        {
            table.AddRow(
                new Text(machine.Machine), new Text($"{machine.Newest}"),
                new Text($"{machine.Versions}"),
                new Text(machine.Time is { } time ? Amounts.Time(time) : "-"),
                new Text(Amounts.Bytes(machine.SizeBytes)));
        }
        text.Write(table);
    }
}
