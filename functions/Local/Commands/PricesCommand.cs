using System.CommandLine;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>prices</c>: shows the price table that plans and costs are made with.</summary>
internal static class PricesCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell) => shell.Bind(
        new Command(
            "prices",
            "Show the price table in use; with --json as a file that --prices takes."),
        async (_, session, cancellation) =>
        {
            var prices = await PriceFile.ReadAsync(session.PricesFile, cancellation);
            if (session.Json)
            {
                await session.WriteAsync(PriceTables.Write(prices), cancellation);
                return ExitCodes.Ok;
            }
            session.Write(text => Draw(text, prices));
            return ExitCodes.Ok;
        });

    private static void Draw(IAnsiConsole text, PriceTable prices)
    {
        text.WriteLine($"{PlanTable.Words(prices)}, in {prices.Currency}");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("tier");
        foreach (var name in new[]
        {
            "GB-month", "10k writes", "10k reads", "10k list pages", "10k others", "GB read",
            "days at least", "bytes at least",
        }) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var tier in Enum.GetValues<StorageTier>())
        {
            var of = prices.Of(tier);
            table.AddRow(new[]
            {
                tier == StorageTier.Default ? "premium" : VersionTable.Word(tier),
                $"{of.GbMonth}", $"{of.Write10k}", $"{of.Read10k}", $"{of.List10k}",
                $"{of.Other10k}", $"{of.RetrievalGb}", $"{of.MinimumDays}", $"{of.MinimumBytes}",
            }.Select(c => new Text(c)));
        }
        text.Write(table);
        foreach (var (name, back) in new[] { ("standard", prices.Standard), ("high", prices.High) })
            text.WriteLine(
                $"From archive, {name}: {back.Read10k} for 10k objects, {back.Gb} a GB, up to "
                + $"{back.MostHours} h"
                + (back.MostGbHour > 0 ? $", {back.MostGbHour} GB an hour" : string.Empty));
        text.WriteLine($"Managed-disk snapshots: {prices.DiskSnapshotGbMonth} a GB-month");
    }
}
