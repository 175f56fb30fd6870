using System.CommandLine;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>flatten</c>: gives a clone all its blocks.</summary>
internal static class FlattenCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var plan = new PlanChoice();
        var command = new Command(
            "flatten", "Give a clone all its blocks, so that it needs its origin no more.")
        {
            machine,
        };
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
        await engine.Manifests.LoadAsync(machine, cancellation);
        var input = new FlattenFlowInput(machine);
        if (plan.IsOnly)
            return await PlanChoice.ShowAsync(
                session, engine, CloneNames.Flatten, input, machine, cancellation);
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var planned = await plan.PlanAsync(
            engine, CloneNames.Flatten, input, machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            CloneNames.Flatten, input, machine, planned, cancellation));
        var used = await engine.UsedAsync(job, cancellation);
        session.Write(
            new FlattenDocument(
                result.Machine, result.OriginMachine, result.OriginVersion, result.StoredBytes,
                job, CommandSession.Documents(drive), UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(used, engine.Prices)),
            DocumentJson.Default.FlattenDocument,
            text => text.WriteLine(result.OriginMachine is null
                ? $"{machine}: it rests on no other machine"
                : $"{machine}: needs {result.OriginMachine} version {result.OriginVersion} no "
                    + $"more; {Amounts.Bytes(result.StoredBytes)} stored"));
        PlanChoice.Tell(session, engine, planned, used);
        return ExitCodes.Ok;
    }
}
