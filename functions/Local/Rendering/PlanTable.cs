using System.Globalization;
using SnapshotFunctions.Engine.Costs;
using Spectre.Console;

namespace SnapshotFunctions.Local.Rendering;

/// <summary>Shows plans, and what work has used.</summary>
internal static class PlanTable
{
    /// <summary>A plan.</summary>
    public static void Draw(IAnsiConsole text, Plan plan, PriceTable prices)
    {
        text.WriteLine($"{plan.Action} of {plan.Machine}, planned; nothing was changed.");
        text.Write(Lines(plan.Usage, null, prices, "count", string.Empty));
        if (plan.Wait > TimeSpan.Zero)
            text.WriteLine($"Wait: up to {Hours(plan.Wait)} for archived bytes.");
        if (plan.TargetBytes > 0)
            text.WriteLine($"To the target: {Amounts.Bytes(plan.TargetBytes)}.");
        text.WriteLine(
            $"Price: {Price(prices.Once(plan.Usage), prices)} once, "
            + $"{Signed(prices.MonthChange(plan.Usage), prices)} a month afterwards.");
        text.WriteLine(plan switch
        {
            { IsUpperBound: true } => $"Operations within {plan.MarginPercent}%; bytes are an upper bound.",
            { MarginPercent: > 0 } => $"An estimate, within {plan.MarginPercent}%.",
            _ => "Exact, as long as nothing changes.",
        });
        foreach (var note in plan.Notes) text.WriteLine(note);
        text.WriteLine(
            $"Planning itself made {plan.Requests} requests. Prices: {Words(prices)}.");
    }

    /// <summary>What work has used, beside its plan where there was one.</summary>
    public static void Draw(IAnsiConsole text, Usage? planned, Usage used, PriceTable prices)
    {
        text.Write(Lines(used, planned, prices, "used", "planned"));
        var before = planned is null
            ? string.Empty : $" (planned {Price(prices.Once(planned), prices)})";
        text.WriteLine(
            $"Used: {Price(prices.Once(used), prices)} once{before}, "
            + $"{Signed(prices.MonthChange(used), prices)} a month. Prices: {Words(prices)}.");
    }

    /// <summary>A price table in a few words.</summary>
    public static string Words(PriceTable prices) =>
        $"{prices.Name}, {prices.Region}, {prices.Date:yyyy-MM-dd}";

    /// <summary>An amount of money; small ones with the digits that count.</summary>
    public static string Price(decimal amount, PriceTable prices) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(amount != 0 && Math.Abs(amount) < 0.01m ? amount.ToString("0.00000000", CultureInfo.InvariantCulture) : amount.ToString("0.0000", CultureInfo.InvariantCulture))} {prices.Currency}");

    private static string Signed(decimal amount, PriceTable prices) =>
        (amount >= 0 ? "+" : string.Empty) + Price(amount, prices);

    private static string Hours(TimeSpan wait) => string.Create(
        CultureInfo.InvariantCulture, $"{wait.TotalHours:0.#} h");

    private static Table Lines(
        Usage usage, Usage? planned, PriceTable prices, string count, string before)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("billed");
        table.AddColumn("tier");
        if (planned is not null) table.AddColumn(new TableColumn(before).RightAligned());
        table.AddColumn(new TableColumn(count).RightAligned());
        table.AddColumn(new TableColumn("bytes").RightAligned());
        table.AddColumn(new TableColumn("price").RightAligned());
        var keys = usage.Lines.Concat(planned?.Lines ?? [])
            .Select(l => (l.Kind, l.Tier)).Distinct().Order();
        foreach (var (kind, tier) in keys)
        {
            var line = Find(usage, kind, tier);
            var cells = new List<string> { Word(kind), VersionTable.Word(tier) };
            if (planned is not null) cells.Add($"{Find(planned, kind, tier).Count}");
            cells.Add($"{line.Count}");
            cells.Add(kind == UsageKind.EarlyDeletion
                ? $"{Amounts.Bytes(line.Bytes)} days" : Amounts.Bytes(line.Bytes));
            cells.Add(kind == UsageKind.Stored
                ? $"{Price(prices.Month(tier, line.Bytes), prices)} a month"
                : Price(prices.Once(line), prices));
            table.AddRow([.. cells.Select(c => new Text(c))]);
        }
        return table;
    }

    private static UsageLine Find(Usage usage, UsageKind kind, Engine.Ports.StorageTier tier) =>
        usage.Lines.FirstOrDefault(l => l.Kind == kind && l.Tier == tier)
        ?? new UsageLine(kind, tier, 0, 0);

    private static string Word(UsageKind kind) => kind switch
    {
        UsageKind.Read => "reads",
        UsageKind.Write => "writes",
        UsageKind.List => "list pages",
        UsageKind.Other => "other operations",
        UsageKind.Delete => "deletions (free)",
        UsageKind.EarlyDeletion => "early deletion",
        UsageKind.RehydrateStandard => "rehydrations",
        UsageKind.RehydrateHigh => "rehydrations, high priority",
        _ => "stored more",
    };
}
