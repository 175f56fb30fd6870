using System.CommandLine;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>clone</c>: makes a machine that begins from a version of another one.</summary>
internal static class CloneCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var version = Inputs.Version("version");
        var name = new Argument<string>("name")
        {
            Description = "The new machine's name: a-z, 0-9 and '-'.", HelpName = "NEW-MACHINE",
        };
        var plan = new PlanChoice();
        var command = new Command(
            "clone", "Make a machine that begins from a version of another one. No data is copied.")
        {
            machine, version, name,
        };
        plan.AddTo(command);
        return shell.Bind(
            command,
            (parse, session, cancellation) => RunAsync(
                session,
                new CloneInput(
                    parse.GetValue(machine)!, Inputs.VersionOf(parse.GetValue(version)),
                    parse.GetValue(name)!),
                plan.Read(parse), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, CloneInput input, PlanChoice plan, CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", input.Name);
        using var engine = await session.OpenAsync(create: false, cancellation);
        await engine.Manifests.LoadAsync(input.Machine, cancellation);
        if (plan.IsOnly)
            return await PlanChoice.ShowAsync(
                session, engine, CloneNames.Clone, input, input.Machine, cancellation);
        await using var drive = await session.EnterAsync(engine, input.Machine, cancellation);
        var planned = await plan.PlanAsync(
            engine, CloneNames.Clone, input, input.Machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            CloneNames.Clone, input, input.Machine, planned, cancellation));
        var used = await engine.UsedAsync(job, cancellation);
        session.Write(
            new CloneDocument(
                result.Machine, result.Version, result.OriginMachine, result.OriginVersion,
                result.Fingerprint.ToString(), result.Flattened, job,
                CommandSession.Documents(drive), UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(used, engine.Prices)),
            DocumentJson.Default.CloneDocument,
            text =>
            {
                if (result.Flattened)
                    text.WriteLine(
                        $"{result.OriginMachine} rested on too many machines: it has all its "
                        + "blocks now");
                text.WriteLine(
                    $"{result.Machine} version {result.Version} is {result.OriginMachine} version "
                    + $"{result.OriginVersion}, which is kept for it; fingerprint "
                    + Amounts.Short(result.Fingerprint.ToString()));
            });
        PlanChoice.Tell(session, engine, planned, used);
        return ExitCodes.Ok;
    }
}
