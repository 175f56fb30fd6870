using System.CommandLine;
using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>verify</c>: checks what is stored of a machine.</summary>
internal static class VerifyCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var full = new Option<bool>("--full")
        {
            Description = "Read every byte and derive every version anew, instead of looking at "
                + "objects and indexes only.",
        };
        var plan = new PlanChoice();
        var command = new Command("verify", "Check what is stored of a machine; changes nothing.")
        {
            machine, full,
        };
        plan.AddTo(command);
        return shell.Bind(
            command,
            (parse, session, cancellation) => RunAsync(
                session, parse.GetValue(machine)!, parse.GetValue(full), plan.Read(parse),
                cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string machine, bool full, PlanChoice plan,
        CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        using var runner = engine.OpenReading();
        // A damaged manifest is a finding; one that is not there is a misspelt name.
        if (!await engine.KnowsAsync(machine, cancellation))
            await engine.Manifests.LoadAsync(machine, cancellation);
        var input = new VerifyInput(machine, full ? CheckDepth.Full : CheckDepth.Quick);
        if (plan.IsOnly)
            return await PlanChoice.ShowAsync(
                session, engine, CheckNames.Verify, input, machine, cancellation);
        var planned = await plan.PlanAsync(
            engine, CheckNames.Verify, input, machine, cancellation);
        var result = await session.ShowAsync(
            engine.Progress,
            () => runner.RunAsync(CheckNames.Verify, input, machine, cancellation));
        var tally = result.Tally;
        session.Write(
            new VerifyDocument(
                machine, VersionTable.Word(result.Depth), result.IsSound, tally.Versions,
                tally.Shards, tally.Deltas, tally.Objects, tally.BytesRead, tally.Blocks,
                tally.Archived, tally.Orphans, tally.OrphanBytes, tally.Errors, tally.Warnings,
                [.. tally.Findings.Select(f => new FindingDocument(
                    VersionTable.Word(f.Severity), f.Object, f.Expected, f.Found, f.Versions))],
                UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(runner.Used, engine.Prices)),
            DocumentJson.Default.VerifyDocument,
            text => Draw(text, result));
        PlanChoice.Tell(session, engine, planned, runner.Used);
        return result.IsSound ? ExitCodes.Ok : ExitCodes.Damaged;
    }

    private static void Draw(IAnsiConsole text, VerifyResult result)
    {
        var tally = result.Tally;
        foreach (var finding in tally.Findings)
        {
            var versions = finding.Versions.Length == 0
                ? string.Empty : $" Versions affected: {finding.Versions}.";
            text.WriteLine(
                $"{VersionTable.Word(finding.Severity)}: {finding.Object}: expected "
                + $"{finding.Expected}, found {finding.Found}.{versions}");
        }
        text.WriteLine(
            $"{result.Machine}: {tally.Versions} versions, {tally.Shards} shards, {tally.Deltas} "
            + $"deltas, {tally.Objects} objects, {Amounts.Bytes(tally.BytesRead)} read: "
            + (result.IsSound ? "sound" : $"{tally.Errors} errors")
            + (tally.Warnings > 0 ? $", {tally.Warnings} warnings" : string.Empty));
    }
}
