using System.CommandLine;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>consolidate</c>: moves a machine's base.</summary>
internal static class ConsolidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var target = Inputs.VersionOption(
            "--base", "The version that becomes the base. Default: what the machine's rule says.");
        var plan = new PlanChoice();
        var command = new Command("consolidate", "Move the base image to another version.")
        {
            machine, target,
        };
        plan.AddTo(command);
        return shell.Bind(
            command,
            (parse, session, cancellation) => RunAsync(
                session, parse.GetValue(machine)!, parse.GetValue(target) ?? 0, plan.Read(parse),
                cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string machine, int target, PlanChoice plan,
        CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        await engine.Manifests.LoadAsync(machine, cancellation);
        var input = new ConsolidateInput(machine, target);
        if (plan.IsOnly)
            return await PlanChoice.ShowAsync(
                session, engine, FlowNames.Consolidate, input, machine, cancellation);
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var planned = await plan.PlanAsync(
            engine, FlowNames.Consolidate, input, machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            FlowNames.Consolidate, input, machine, planned, cancellation));
        var used = await engine.UsedAsync(job, cancellation);
        session.Write(
            new ConsolidateDocument(
                result.Machine, result.Base, result.Operations, job,
                CommandSession.Documents(drive), UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(used, engine.Prices)),
            DocumentJson.Default.ConsolidateDocument,
            text => text.WriteLine(result switch
            {
                { Base: 0 } => $"{machine}: the rule leaves the base where it is",
                { Operations: 0 } =>
                    $"{machine}: the base stands at version {result.Base} already",
                _ => $"{machine}: the base stands at version {result.Base} now",
            }));
        PlanChoice.Tell(session, engine, planned, used);
        return ExitCodes.Ok;
    }
}
