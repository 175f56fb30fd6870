using System.CommandLine;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>retention</c>: lets the versions go that machines' policies do not keep.</summary>
internal static class RetentionCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = new Argument<string?>("machine")
        {
            Description = "The machine's name; or --all.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Every machine of the store." };
        var dry = new Option<bool>("--dry-run")
        {
            Description = "Only show what is kept, why, and what would go.",
        };
        var command = new Command(
            "retention", "Let the versions go that the machine's policy does not keep.")
        {
            machine, all, dry,
        };
        var plan = new PlanChoice();
        plan.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(machine) is not null == result.GetValue(all))
                result.AddError("retention: expected a machine's name or --all, and not both.");
            if (result.GetValue(all) && plan.IsAsked(result))
                result.AddError("retention: a plan is of one machine.");
        });
        return shell.Bind(
            command,
            (parse, session, cancellation) => parse.GetValue(dry)
                ? ShowAsync(session, parse.GetValue(machine), cancellation)
                : RunAsync(session, parse.GetValue(machine), plan.Read(parse), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string? named, PlanChoice plan, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var documents = new List<ExpireDocument>();
        var lines = new List<string>();
        foreach (var machine in await MachinesAsync(engine, named, cancellation))
        {
            await engine.Manifests.LoadAsync(machine, cancellation);
            var input = new RetentionInput(machine);
            if (plan.IsOnly)
                return await PlanChoice.ShowAsync(
                    session, engine, ExpiryNames.Retention, input, machine, cancellation);
            await using var drive = await session.EnterAsync(engine, machine, cancellation);
            var planned = await plan.PlanAsync(
                engine, ExpiryNames.Retention, input, machine, cancellation);
            var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
                ExpiryNames.Retention, input, machine, planned, cancellation));
            var used = await engine.UsedAsync(job, cancellation);
            documents.Add(ExpireCommand.Document(
                result, job, CommandSession.Documents(drive),
                UsageDocument.Of(planned, engine.Prices), UsageDocument.Of(used, engine.Prices)));
            lines.Add(ExpireCommand.Text(result));
            PlanChoice.Tell(session, engine, planned, used);
        }
        session.Write(
            new RetentionDocument(documents), DocumentJson.Default.RetentionDocument,
            text => lines.ForEach(text.WriteLine));
        return ExitCodes.Ok;
    }

    private static async Task<int> ShowAsync(
        CommandSession session, string? named, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var documents = new List<MachineMarksDocument>();
        foreach (var machine in await MachinesAsync(engine, named, cancellation))
        {
            var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
            var versions = await ExpiryRules.VersionsAsync(manifest, cancellation);
            var plan = ExpiryRules.PlanOf(
                manifest, versions, engine.Services.Time.GetUtcNow(), RetentionMargins.Default);
            documents.Add(new MachineMarksDocument(
                machine, plan.Halted,
                [.. plan.Marks.Select(m => new MarkDocument(
                    m.Version, m.Time, m.IsKept, m.Reasons))]));
        }
        session.Write(
            new MarksDocument(documents), DocumentJson.Default.MarksDocument,
            text => documents.ForEach(d => Draw(text, d)));
        return ExitCodes.Ok;
    }

    private static void Draw(IAnsiConsole text, MachineMarksDocument machine)
    {
        var expired = machine.Versions.Count(v => !v.IsKept);
        text.WriteLine(
            $"{machine.Machine}: {machine.Versions.Count - expired} kept, {expired} would go");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("version").RightAligned());
        table.AddColumn("time (UTC)");
        table.AddColumn("fate");
        table.AddColumn("because");
        foreach (var mark in machine.Versions)
            table.AddRow(
                new Text($"{mark.Version}"), new Text(Amounts.Time(mark.Time)),
                new Text(mark.IsKept ? "kept" : "expires"),
                new Text(mark.IsKept ? string.Join(", ", mark.Reasons) : "no rule keeps it"));
        text.Write(table);
    }

    private static async Task<IReadOnlyList<string>> MachinesAsync(
        LocalEngine engine, string? named, CancellationToken cancellation)
    {
        if (named is not null) return [ObjectNames.CheckName("machine", named)];
        var machines = new List<string>();
        await foreach (var machine in engine.Manifests.ListMachinesAsync(cancellation))
            machines.Add(machine);
        return machines;
    }
}
