using System.CommandLine;
using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Hosting;
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
        var repair = new Option<bool>("--repair")
        {
            Description = "Repair what is damaged from copies, other versions, uploads that are "
                + "still there and --image, then check again.",
        };
        var images = new Option<string[]>("--image")
        {
            Description = "With --repair: an image of a version that may hold what is damaged; "
                + "DISK=FILE where there are several disks. More than once for more.",
            HelpName = "FILE",
        };
        var plan = new PlanChoice();
        var command = new Command(
            "verify", "Check what is stored of a machine; changes nothing but with --repair.")
        {
            machine, full, repair, images,
        };
        plan.AddTo(command);
        return shell.Bind(
            command,
            (parse, session, cancellation) => RunAsync(
                session,
                new VerifyInput(
                    parse.GetValue(machine)!,
                    parse.GetValue(full) ? CheckDepth.Full : CheckDepth.Quick),
                parse.GetValue(repair) ? parse.GetValue(images) ?? [] : null, plan.Read(parse),
                cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, VerifyInput input, string[]? images, PlanChoice plan,
        CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        await RequireMachineAsync(engine, input.Machine, cancellation);
        if (plan.IsOnly && images is null)
            return await PlanChoice.ShowAsync(
                session, engine, CheckNames.Verify, input, input.Machine, cancellation);
        if (plan.IsOnly)
            return PlanChoice.Show(
                session, engine,
                await RepairWork.PlanAsync(engine, input, images!, cancellation));
        var planned = images is null
            ? await plan.PlanAsync(engine, CheckNames.Verify, input, input.Machine, cancellation)
            : plan.IsShown
                ? (await RepairWork.PlanAsync(engine, input, images, cancellation)).Usage : null;
        var (result, used) = await CheckAsync(session, engine, input, cancellation);
        RepairTally? repaired = null;
        if (images is not null && !result.IsSound)
        {
            (repaired, var mending) = await RepairWork.RunAsync(
                session, engine, result, images, cancellation);
            (result, var again) = await CheckAsync(session, engine, input, cancellation);
            used = Usage.Sum(new[] { used, mending, again }.OfType<Usage>());
        }
        Write(session, engine, result, repaired, planned, used);
        return result.IsSound ? ExitCodes.Ok : ExitCodes.Damaged;
    }

    /// <summary>A damaged manifest is a finding; one that is not there is a misspelt name.</summary>
    private static async Task RequireMachineAsync(
        LocalEngine engine, string machine, CancellationToken cancellation)
    {
        if (!await engine.KnowsAsync(machine, cancellation))
            await engine.Manifests.LoadAsync(machine, cancellation);
    }

    private static async Task<(VerifyResult Result, Usage? Used)> CheckAsync(
        CommandSession session, LocalEngine engine, VerifyInput input,
        CancellationToken cancellation)
    {
        using var runner = engine.OpenReading();
        var result = await session.ShowAsync(
            engine.Progress,
            () => runner.RunAsync(CheckNames.Verify, input, input.Machine, cancellation));
        return (result, runner.Used);
    }

    private static void Write(
        CommandSession session, LocalEngine engine, VerifyResult result, RepairTally? repaired,
        Usage? planned, Usage? used)
    {
        var tally = result.Tally;
        session.Write(
            new VerifyDocument(
                result.Machine, VersionTable.Word(result.Depth), result.IsSound, tally.Versions,
                tally.Shards, tally.Deltas, tally.Objects, tally.BytesRead, tally.Blocks,
                tally.Archived, tally.Orphans, tally.OrphanBytes, tally.Errors, tally.Warnings,
                [.. tally.Findings.Select(f => new FindingDocument(
                    VersionTable.Word(f.Severity), f.Object, f.Expected, f.Found, f.Versions))],
                repaired, UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(used, engine.Prices)),
            DocumentJson.Default.VerifyDocument,
            text =>
            {
                if (repaired is not null) Draw(text, repaired);
                Draw(text, result);
            });
        PlanChoice.Tell(session, engine, planned, used);
    }

    private static void Draw(IAnsiConsole text, RepairTally repaired)
    {
        foreach (var name in repaired.Repairs) text.WriteLine($"repaired: {name}");
        if (repaired.Repaired > repaired.Repairs.Count)
            text.WriteLine($"repaired: {repaired.Repaired - repaired.Repairs.Count} more");
        foreach (var lost in repaired.Losses)
            text.WriteLine(
                $"lost: {lost.Object}: {lost.Expected}: {lost.Found}. Versions affected: "
                + $"{(lost.Versions.Length == 0 ? "none" : lost.Versions)}. Restore them where "
                + "these bytes do not matter, or repair again with --image and an image that has them.");
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
