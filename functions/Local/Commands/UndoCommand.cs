using System.CommandLine;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>undo</c>: takes the newest version back.</summary>
internal static class UndoCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        return shell.Bind(
            new Command("undo", "Take the newest version of a machine back.") { machine },
            (parse, session, cancellation) =>
                RunAsync(session, parse.GetValue(machine)!, cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string machine, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        // The version that the user sees as the newest now, not one that arrives meanwhile.
        var newest = await (await engine.Manifests.LoadAsync(machine, cancellation))
            .NewestReadyAsync(cancellation);
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            FlowNames.Undo, new UndoInput(machine, newest), machine, cancellation));
        session.Write(
            new UndoDocument(
                result.Machine, result.Withdrawn, result.Newest, job,
                CommandSession.Documents(drive)),
            DocumentJson.Default.UndoDocument,
            text => text.WriteLine(
                $"{machine}: version {result.Withdrawn} is taken back, the newest is "
                + $"{result.Newest}"));
        return ExitCodes.Ok;
    }
}
