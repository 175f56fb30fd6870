using System.CommandLine;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>expire</c>: lets named versions of a machine go.</summary>
internal static class ExpireCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var versions = new Argument<int[]>("version")
        {
            Description = "The versions' numbers; not the newest, nor a pinned one.",
            Arity = ArgumentArity.OneOrMore,
        };
        versions.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int[]>() is { } numbers && numbers.Any(n => n < 1))
                result.AddError("version: expected versions' numbers from 1 up.");
        });
        var plan = new PlanChoice();
        var command = new Command("expire", "Let versions of a machine go for good.")
        {
            machine, versions,
        };
        plan.AddTo(command);
        return shell.Bind(
            command,
            (parse, session, cancellation) => RunAsync(
                session, parse.GetValue(machine)!, parse.GetValue(versions)!, plan.Read(parse),
                cancellation));
    }

    /// <summary>What an expiry came to, in a line.</summary>
    public static string Text(ExpireResult result)
    {
        var parts = new List<string>();
        if (result.Expired.Count > 0) parts.Add($"gone: {Numbers(result.Expired)}");
        if (result.Hidden.Count > 0)
            parts.Add($"hidden until others need them no more: {Numbers(result.Hidden)}");
        if (!result.IsComplete) parts.Add("ended early");
        if (parts.Count == 0) parts.Add($"nothing expires ({result.Halted ?? "all are kept"})");
        return $"{result.Machine}: {string.Join("; ", parts)}";
    }

    /// <summary>What an expiry came to, as a document.</summary>
    public static ExpireDocument Document(
        ExpireResult result, string job, IReadOnlyList<ResumedDocument> resumed,
        UsageDocument? planned, UsageDocument? used) => new(
        result.Machine, result.Expired, result.Hidden, result.Operations, result.ReadBytes,
        result.StoredBytes, result.Halted, result.IsComplete, job, resumed, planned, used);

    private static async Task<int> RunAsync(
        CommandSession session, string machine, int[] versions, PlanChoice plan,
        CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        foreach (var version in versions)
            await ExpiryRules.RequireAsync(manifest, version, cancellation);
        var input = new ExpireInput(machine, versions);
        if (plan.IsOnly)
            return await PlanChoice.ShowAsync(
                session, engine, ExpiryNames.Expire, input, machine, cancellation);
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var planned = await plan.PlanAsync(
            engine, ExpiryNames.Expire, input, machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            ExpiryNames.Expire, input, machine, planned, cancellation));
        var used = await engine.UsedAsync(job, cancellation);
        session.Write(
            Document(
                result, job, CommandSession.Documents(drive),
                UsageDocument.Of(planned, engine.Prices), UsageDocument.Of(used, engine.Prices)),
            DocumentJson.Default.ExpireDocument, text => text.WriteLine(Text(result)));
        PlanChoice.Tell(session, engine, planned, used);
        return ExitCodes.Ok;
    }

    private static string Numbers(IEnumerable<int> versions) => string.Join(", ", versions);
}
