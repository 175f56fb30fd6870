using System.CommandLine;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Plans;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>cost</c>: shows what keeping machines costs a month.</summary>
internal static class CostCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = new Argument<string?>("machine")
        {
            Description = "The machine; all machines without it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return shell.Bind(
            new Command(
                "cost",
                "Show what keeping machines costs a month, and what full copies and managed-disk "
                + "snapshots of the same versions would.")
            {
                machine,
            },
            (parse, session, cancellation) =>
                RunAsync(session, parse.GetValue(machine), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string? machine, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var reporter = new CostReporter(engine.Services, engine.Prices);
        var reports = new List<CostReport>();
        if (machine is not null)
        {
            reports.Add(await reporter.ReportAsync(machine, cancellation));
        }
        else
        {
            await foreach (var name in engine.Manifests.ListMachinesAsync(cancellation))
                reports.Add(await reporter.ReportAsync(name, cancellation));
        }
        var documents = reports.ConvertAll(r => CostDocument.Of(r, engine.Prices));
        session.Write(
            new CostsDocument(documents, documents.Sum(d => d.Month), null),
            DocumentJson.Default.CostsDocument,
            text =>
            {
                if (machine is not null) Draw(text, reports[0], engine.Prices);
                else DrawAll(text, reports, engine.Prices);
                text.WriteLine($"Prices: {PlanTable.Words(engine.Prices)}.");
            });
        return ExitCodes.Ok;
    }

    private static void Draw(IAnsiConsole text, CostReport report, PriceTable prices)
    {
        text.WriteLine($"{report.Machine}: {report.Versions} versions");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("version").RightAligned());
        table.AddColumn("what");
        table.AddColumn("tier");
        foreach (var name in new[] { "objects", "bytes", "billed", "a month" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var line in report.Lines)
        {
            table.AddRow(new[]
            {
                line.Version == 0 ? "all" : $"{line.Version}", VersionTable.Word(line.Part),
                VersionTable.Word(line.Tier), $"{line.Objects}", Amounts.Bytes(line.Bytes),
                Amounts.Bytes(line.BilledBytes),
                PlanTable.Price(CostReport.MonthOf(line, prices), prices),
            }.Select(c => new Text(c)));
        }
        text.Write(table);
        foreach (var tier in report.Lines.GroupBy(l => l.Tier).OrderBy(g => g.Key))
            text.WriteLine(
                $"{VersionTable.Word(tier.Key)}: {Amounts.Bytes(tier.Sum(l => l.BilledBytes))}, "
                + PlanTable.Price(
                    tier.Sum(l => CostReport.MonthOf(l, prices)), prices) + " a month");
        text.WriteLine($"In all: {PlanTable.Price(report.Month, prices)} a month");
        text.WriteLine(
            $"As full copies: {Amounts.Bytes(report.FullCopyBytes)}, "
            + $"{PlanTable.Price(report.FullCopyMonth, prices)} a month");
        text.WriteLine(
            $"As managed-disk snapshots: {Amounts.Bytes(report.DiskSnapshotBytes)}, "
            + $"{PlanTable.Price(report.DiskSnapshotMonth, prices)} a month");
        var operations = report.Used.Lines.Where(l => l.Kind != UsageKind.Stored).ToList();
        text.WriteLine(
            $"This report made {operations.Sum(l => l.Count)} requests: "
            + PlanTable.Price(prices.Once(report.Used), prices));
    }

    private static void DrawAll(IAnsiConsole text, List<CostReport> reports, PriceTable prices)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("machine");
        foreach (var name in new[]
        {
            "versions", "billed", "a month", "full copies", "disk snapshots",
        }) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var report in reports)
        {
            table.AddRow(new[]
            {
                report.Machine, $"{report.Versions}",
                Amounts.Bytes(report.Lines.Sum(l => l.BilledBytes)),
                PlanTable.Price(report.Month, prices),
                PlanTable.Price(report.FullCopyMonth, prices),
                PlanTable.Price(report.DiskSnapshotMonth, prices),
            }.Select(c => new Text(c)));
        }
        text.Write(table);
        text.WriteLine(
            $"In all: {PlanTable.Price(reports.Sum(r => r.Month), prices)} a month, as full copies "
            + $"{PlanTable.Price(reports.Sum(r => r.FullCopyMonth), prices)}, as managed-disk "
            + $"snapshots {PlanTable.Price(reports.Sum(r => r.DiskSnapshotMonth), prices)}");
    }
}
