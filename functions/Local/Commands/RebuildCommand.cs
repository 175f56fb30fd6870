using System.CommandLine;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>rebuild</c>: makes lost or damaged manifests anew from what is stored.</summary>
internal static class RebuildCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = new Argument<string?>("machine")
        {
            Description = "Only this machine; all that are stored without it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var force = new Option<bool>("--force")
        {
            Description = "Make manifests anew that can be read, too.",
        };
        var plan = new PlanChoice();
        var command = new Command(
            "rebuild",
            "Make manifests anew that are lost or damaged, from what lies in storage. Nothing "
            + "else may work on these machines meanwhile.")
        {
            machine, force,
        };
        plan.AddTo(command);
        return shell.Bind(
            command,
            (parse, session, cancellation) => RunAsync(
                session, new RebuildInput(parse.GetValue(machine), parse.GetValue(force)),
                plan.Read(parse), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, RebuildInput input, PlanChoice plan,
        CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var about = input.Machine ?? "all";
        if (plan.IsOnly)
            return await PlanChoice.ShowAsync(
                session, engine, CheckNames.RebuildCatalog, input, about, cancellation);
        using var runner = engine.OpenReading();
        await using var drive = input.Machine is { } machine
            ? await session.LeaseAsync(engine, machine, cancellation) : null;
        var planned = await plan.PlanAsync(
            engine, CheckNames.RebuildCatalog, input, about, cancellation);
        var result = await session.ShowAsync(engine.Progress, () => runner.RunAsync(
            CheckNames.RebuildCatalog, input, about, cancellation));
        session.Write(
            new RebuildDocument(
                result.Count, result.Rebuilt, result.Failed,
                [.. result.Machines.Select(m => new RebuiltDocument(
                    m.Machine, m.Source, m.Versions, m.Notes))],
                UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(runner.Used, engine.Prices)),
            DocumentJson.Default.RebuildDocument,
            text =>
            {
                foreach (var item in result.Machines)
                {
                    text.WriteLine($"{item.Machine}: {item.Source}, {item.Versions} versions");
                    foreach (var note in item.Notes) text.WriteLine($"  {note}");
                }
                text.WriteLine(
                    $"{result.Count} machines looked at, {result.Rebuilt} rebuilt, "
                    + $"{result.Failed} failed");
            });
        PlanChoice.Tell(session, engine, planned, runner.Used);
        return result.Failed == 0 ? ExitCodes.Ok : ExitCodes.Damaged;
    }
}
