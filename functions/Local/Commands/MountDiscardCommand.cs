using System.CommandLine;
using SnapshotFunctions.Local.Mounting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>mount discard</c>: drops what was written to a mount.</summary>
internal static class MountDiscardCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var id = new Argument<string>("id") { Description = "The mount; 'mounts' shows them." };
        var state = MountOptions.StateOption();
        return shell.Bind(
            new Command("discard", "Drop a mount and what was written to it.") { id, state },
            async (parse, session, cancellation) =>
            {
                using var engine = await session.OpenAsync(create: false, cancellation);
                var mounts = new MountStore(
                    engine, MountStore.RootOf(engine.Store, parse.GetValue(state)));
                using var folder = await mounts.OpenAsync(parse.GetValue(id)!, cancellation);
                await mounts.RemoveAsync(folder, cancellation);
                session.Write(
                    new MountDiscardDocument(
                        folder.Record.Id, folder.Record.Machine, folder.Record.Version),
                    DocumentJson.Default.MountDiscardDocument,
                    text => text.WriteLine($"mount {folder.Record.Id} is dropped"));
                return ExitCodes.Ok;
            });
    }
}
