using System.CommandLine;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Http.Costs;
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
        var plan = new PlanChoice();
        var command = new Command("undo", "Take the newest version of a machine back.") { machine };
        plan.AddTo(command);
        return shell.Bind(
            command,
            (parse, session, cancellation) => RunAsync(
                session, parse.GetValue(machine)!, plan.Read(parse), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string machine, PlanChoice plan, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        // The version that the user sees as the newest now, not one that arrives meanwhile.
        var newest = await (await engine.Manifests.LoadAsync(machine, cancellation))
            .NewestReadyAsync(cancellation);
        var input = new UndoInput(machine, newest);
        if (plan.IsOnly)
            return await PlanChoice.ShowAsync(
                session, engine, FlowNames.Undo, input, machine, cancellation);
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var planned = await plan.PlanAsync(engine, FlowNames.Undo, input, machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            FlowNames.Undo, input, machine, planned, cancellation));
        var used = await engine.UsedAsync(job, cancellation);
        session.Write(
            new UndoDocument(
                result.Machine, result.Withdrawn, result.Newest, job,
                CommandSession.Documents(drive), UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(used, engine.Prices)),
            DocumentJson.Default.UndoDocument,
            text => text.WriteLine(
                $"{machine}: version {result.Withdrawn} is taken back, the newest is "
                + $"{result.Newest}"));
        PlanChoice.Tell(session, engine, planned, used);
        return ExitCodes.Ok;
    }
}
