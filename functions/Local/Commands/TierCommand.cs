using System.CommandLine;
using System.Globalization;
using SnapshotFunctions.Engine.Flows.Tiering;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Steps.Tiering;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>tier</c>: moves a machine's reverse incrementals down its ladder.</summary>
internal static class TierCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = new Argument<string?>("machine")
        {
            Description = "The machine's name: a-z, 0-9 and '-'.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Every machine of the store." };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Only tell what would move, and why; nothing is written.",
        };
        var command = new Command(
            "tier", "Move old reverse incrementals to colder tiers, where that pays.")
        {
            machine, all, dryRun,
        };
        var plan = new PlanChoice();
        plan.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(machine) is null != result.GetValue(all))
                result.AddError("tier: expected a machine's name, or --all.");
            if (result.GetValue(all) && plan.IsAsked(result))
                result.AddError("tier: a plan is of one machine.");
        });
        return shell.Bind(command, (parse, session, cancellation) => RunAsync(
            session, parse.GetValue(machine), parse.GetValue(dryRun), plan.Read(parse),
            cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string? named, bool isDryRun, PlanChoice plan,
        CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var machines = new List<string>();
        if (named is not null) machines.Add(named);
        else
            await foreach (var found in engine.Manifests.ListMachinesAsync(cancellation))
                machines.Add(found);
        var documents = new List<TierDocument>();
        foreach (var machine in machines)
        {
            await engine.Manifests.LoadAsync(machine, cancellation);
            if (plan.IsOnly)
                return await PlanChoice.ShowAsync(
                    session, engine, TierNames.Tier, new TierInput(machine), machine,
                    cancellation);
            documents.Add(isDryRun
                ? await LookAsync(engine, machine, cancellation)
                : await TierAsync(session, engine, machine, plan, cancellation));
        }
        session.Write(
            new TiersDocument(isDryRun, documents), DocumentJson.Default.TiersDocument,
            text => Draw(text, isDryRun, documents));
        return ExitCodes.Ok;
    }

    private static async Task<TierDocument> TierAsync(
        CommandSession session, LocalEngine engine, string machine, PlanChoice plan,
        CancellationToken cancellation)
    {
        var input = new TierInput(machine);
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var planned = await plan.PlanAsync(engine, TierNames.Tier, input, machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            TierNames.Tier, input, machine, planned, cancellation));
        var used = await engine.UsedAsync(job, cancellation);
        PlanChoice.Tell(session, engine, planned, used);
        return new TierDocument(
            machine, result.Moved, result.MovedBytes, result.Packs, result.Packed,
            result.PackedBytes, job, [], CommandSession.Documents(drive),
            UsageDocument.Of(planned, engine.Prices), UsageDocument.Of(used, engine.Prices));
    }

    /// <summary>What would become of everything now; a look at each object is all it takes.</summary>
    private static async Task<TierDocument> LookAsync(
        LocalEngine engine, string machine, CancellationToken cancellation)
    {
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        var survey = await TierSurvey.BeginAsync(
            engine.Services, manifest, isWhole: true, cancellation);
        var rows = new List<TierRowDocument>();
        var packs = new List<PlannedPack>();
        for (TierCursor? cursor = TierCursor.Start; cursor is not null;)
        {
            var window = await survey.LookAsync(cursor, cancellation);
            var plan = survey.Plan(window);
            rows.AddRange(plan.Decisions.Select(Row));
            packs.AddRange(plan.Packs);
            cursor = window.Next;
        }
        var moves = rows.Where(r => r.Action is "move").ToList();
        return new TierDocument(
            machine, moves.Count, moves.Sum(r => r.LengthBytes), packs.Count,
            packs.Sum(p => p.Members.Count), packs.Sum(p => p.LengthBytes), null, rows, [], null, null);
    }

    private static TierRowDocument Row(TierDecision decision)
    {
        var found = decision.Object;
        return new TierRowDocument(
            found.Pack != 0
                ? $"pack {found.Key.Operation}-{found.Pack}"
                : $"{found.Disk}/{found.Shard} {found.Key.From} to {found.Key.To}",
            found.LengthBytes, VersionTable.Word(found.Tier), found.Since, found.Expiry,
            VersionTable.Word(decision.Action), VersionTable.Word(decision.Tier), decision.Gain,
            decision.Reason);
    }

    private static void Draw(
        IAnsiConsole text, bool isDryRun, IReadOnlyList<TierDocument> documents)
    {
        foreach (var document in documents)
        {
            if (isDryRun && document.Objects.Count > 0) text.Write(Table(document));
            var verb = isDryRun ? "would move" : "moved";
            text.WriteLine(
                $"{document.Machine}: {document.Moved} objects {verb} by themselves "
                + $"({Amounts.Bytes(document.MovedBytes)}), {document.Packed} into "
                + $"{document.Packs} packs ({Amounts.Bytes(document.PackedBytes)})");
        }
    }

    private static Table Table(TierDocument document)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("data");
        table.AddColumn(new TableColumn("size").RightAligned());
        table.AddColumn("lies in");
        table.AddColumn("expected until");
        table.AddColumn("decision");
        table.AddColumn("reason");
        foreach (var row in document.Objects)
        {
            table.AddRow(
                new Text(row.Data), new Text(Amounts.Bytes(row.LengthBytes)), new Text(row.Tier),
                new Text(row.Expiry?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "ever"),
                new Text(row.Action is "stay" ? "stays" : $"{row.Action} to {row.To}"),
                new Text(row.Reason));
        }
        return table;
    }
}
