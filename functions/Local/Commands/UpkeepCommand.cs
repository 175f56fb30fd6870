using System.CommandLine;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Steps.Upkeep;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>upkeep</c>: does what is due by the policies; for cron where nothing serves.</summary>
internal static class UpkeepCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = new Argument<string?>("machine")
        {
            Description = "The machine's name.", Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Every machine of the store." };
        var command = new Command(
            "upkeep",
            "Do what is due by a machine's policy: retention, tiers, verification, repair, sweep.")
        {
            machine, all,
        };
        var plan = new PlanChoice();
        plan.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) && plan.IsAsked(result))
                result.AddError("upkeep: a plan is of one machine.");
            if ((result.GetValue(machine) is null) != result.GetValue(all))
                result.AddError("upkeep: give a machine or --all.");
        });
        return shell.Bind(command, (parse, session, cancellation) => RunAsync(
            session, parse.GetValue(machine), plan.Read(parse), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string? only, PlanChoice plan, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var names = new List<string>();
        if (only is not null)
        {
            await engine.Manifests.LoadAsync(only, cancellation);
            names.Add(only);
            if (plan.IsOnly)
                return await PlanChoice.ShowAsync(
                    session, engine, UpkeepNames.Upkeep, new UpkeepInput(only), only,
                    cancellation);
        }
        else
        {
            await foreach (var name in engine.Manifests.ListMachinesAsync(cancellation))
                names.Add(name);
        }
        var results = new List<UpkeepResult>();
        Usage? planned = null, used = null;
        foreach (var name in names)
        {
            planned = await plan.PlanAsync(
                engine, UpkeepNames.Upkeep, new UpkeepInput(name), name, cancellation);
            var (result, job) = await OneAsync(session, engine, name, planned, cancellation);
            results.Add(result);
            if (await engine.UsedAsync(job, cancellation) is { } more)
                used = used?.Plus(more) ?? more;
        }
        session.Write(
            new UpkeepDocument(
                results, UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(used, engine.Prices)),
            DocumentJson.Default.UpkeepDocument, text => Draw(text, results));
        PlanChoice.Tell(session, engine, planned, used);
        return results.Exists(r => r.Lost > 0 || r.Errors > r.Repaired) ? ExitCodes.Damaged
            : results.Exists(r => r.Parts.Any(p => !p.IsDone)) ? ExitCodes.Refused
            : ExitCodes.Ok;
    }

    private static async Task<(UpkeepResult Result, string Job)> OneAsync(
        CommandSession session, LocalEngine engine, string machine, Usage? planned,
        CancellationToken cancellation)
    {
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        return await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            UpkeepNames.Upkeep, new UpkeepInput(machine), machine, planned, cancellation));
    }

    private static void Draw(IAnsiConsole text, List<UpkeepResult> results)
    {
        foreach (var result in results)
        {
            text.WriteLine(result.Machine);
            foreach (var part in result.Parts)
                text.WriteLine(
                    $"  {part.Part,-13} {(part.IsDone ? string.Empty : "not done: ")}{part.Text}");
        }
    }
}
