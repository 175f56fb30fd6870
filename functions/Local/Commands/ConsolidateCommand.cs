using System.CommandLine;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>consolidate</c>: moves a machine's base.</summary>
internal static class ConsolidateCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var target = Inputs.VersionOption(
            "--base", "The version that becomes the base. Default: what the machine's rule says.");
        return shell.Bind(
            new Command("consolidate", "Move the base image to another version.") { machine, target },
            (parse, session, cancellation) => RunAsync(
                session, parse.GetValue(machine)!, parse.GetValue(target) ?? 0, cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string machine, int target, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        await engine.Manifests.LoadAsync(machine, cancellation);
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(machine, target), machine, cancellation));
        session.Write(
            new ConsolidateDocument(
                result.Machine, result.Base, result.Operations, job,
                CommandSession.Documents(drive)),
            DocumentJson.Default.ConsolidateDocument,
            text => text.WriteLine(result switch
            {
                { Base: 0 } => $"{machine}: the rule leaves the base where it is",
                { Operations: 0 } =>
                    $"{machine}: the base stands at version {result.Base} already",
                _ => $"{machine}: the base stands at version {result.Base} now",
            }));
        return ExitCodes.Ok;
    }
}
