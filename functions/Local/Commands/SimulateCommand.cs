using System.CommandLine;
using System.Globalization;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Planning.Simulation;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>policy simulate</c>: tries a policy on the versions that there are.</summary>
internal static class SimulateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var file = new Option<string?>("--policy")
        {
            Description = "The policy to try ('-': from the standard input). Default: its own.",
            HelpName = "FILE",
        };
        var every = new Option<string?>("--every")
        {
            Description = "How often snapshots come: 1h, 1d. Default: as they came so far.",
            HelpName = "TIME",
        };
        every.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text
                && DurationText.Parse(text) is null or 0)
                result.AddError($"--every: expected {DurationText.Form}.");
        });
        var days = new Option<int>("--days")
        {
            Description = "How many days to look ahead.", DefaultValueFactory = _ => 365,
        };
        return shell.Bind(
            new Command(
                "simulate",
                "Draw what a policy would keep in the time to come and what keeping it would cost; "
                + "changes nothing.")
            {
                machine, file, every, days,
            },
            async (parse, session, cancellation) =>
            {
                var policy = parse.GetValue(file) is { } path
                    ? await PolicyCommand.ReadAsync(path, cancellation) : null;
                return await RunAsync(
                    session, parse.GetValue(machine)!, policy, parse.GetValue(every),
                    parse.GetValue(days), cancellation);
            });
    }

    private static async Task<int> RunAsync(
        CommandSession session, string machine, MachinePolicy? policy, string? every, int days,
        CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        var input = await SimulationReading.InputAsync(
            manifest, engine.Store.Base, policy,
            every is null ? null : TimeSpan.FromSeconds(DurationText.Parse(every)!.Value), days,
            engine.Prices, engine.Time.GetUtcNow(), cancellation);
        var result = PolicySimulation.Run(input);
        session.Write(
            SimulationDocument.Of(machine, input, result),
            DocumentJson.Default.SimulationDocument,
            text => Draw(text, machine, input, result));
        return ExitCodes.Ok;
    }

    private static void Draw(
        IAnsiConsole text, string machine, SimulationInput input, SimulationResult result)
    {
        var prices = input.Prices;
        text.WriteLine(
            $"{machine}: a snapshot every {DurationText.Write((long)input.Every.TotalSeconds)} for "
            + $"{input.Days} days; {Amounts.Bytes(input.BaseBytes)} of base, "
            + $"{Amounts.Bytes(input.DeltaBytes)} a version");
        text.WriteLine();
        text.WriteLine(
            $"Kept on {result.End.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}"
            + $", by the day of the snapshot ({result.Versions.Count} versions):");
        foreach (var line in KeptCalendar.Draw(result.Versions, result.End)) text.WriteLine(line);
        text.WriteLine();
        text.WriteLine("month      taken  expired   kept   stored  cost a month  where");
        foreach (var month in result.Months)
        {
            var where = string.Join(", ", month.Bytes.Select(
                b => $"{VersionTable.Word(b.Key)} {Amounts.Bytes(b.Value)}"));
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{month.Start.UtcDateTime:yyyy-MM}  {month.Taken,7}  {month.Expired,7}  "
                + $"{month.Kept,5}  {Amounts.Bytes(month.Bytes.Values.Sum()),8}  "
                + $"{month.Price,8:0.00} {prices.Currency}  {where}"));
        }
        text.WriteLine();
        text.WriteLine(
            $"Keeping alone, by {prices.Name} ({prices.Region}, "
            + $"{prices.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}); deltas as "
            + "before compression.");
    }
}
