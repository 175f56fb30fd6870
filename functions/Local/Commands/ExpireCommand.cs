using System.CommandLine;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Planning.Retention;
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
        return shell.Bind(
            new Command("expire", "Let versions of a machine go for good.") { machine, versions },
            (parse, session, cancellation) => RunAsync(
                session, parse.GetValue(machine)!, parse.GetValue(versions)!, cancellation));
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
        ExpireResult result, string job, IReadOnlyList<ResumedDocument> resumed) => new(
        result.Machine, result.Expired, result.Hidden, result.Operations, result.ReadBytes,
        result.StoredBytes, result.Halted, result.IsComplete, job, resumed);

    private static async Task<int> RunAsync(
        CommandSession session, string machine, int[] versions, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        foreach (var version in versions)
            await ExpiryRules.RequireAsync(manifest, version, cancellation);
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            ExpiryNames.Expire, new ExpireInput(machine, versions), machine, cancellation));
        session.Write(
            Document(result, job, CommandSession.Documents(drive)),
            DocumentJson.Default.ExpireDocument, text => text.WriteLine(Text(result)));
        return ExitCodes.Ok;
    }

    private static string Numbers(IEnumerable<int> versions) => string.Join(", ", versions);
}
