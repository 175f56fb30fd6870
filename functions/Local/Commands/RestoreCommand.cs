using System.CommandLine;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>restore</c>: writes a version's disk to a file.</summary>
internal static class RestoreCommand
{
    private const string Raw = "raw";

    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var version = Inputs.Version("version");
        var target = File("--out", "A new file to write.");
        var onto = File(
            "--onto", "A raw disk to change into the version: only what differs is written.");
        var from = Inputs.VersionOption(
            "--from", "With --onto: the version that the file holds; it is not read then.");
        var disk = Inputs.Disk();
        var format = new Option<string>("--format")
        {
            Description = "The new file's format.",
            HelpName = string.Join('|', [Raw, .. ExportFormats.All]),
            DefaultValueFactory = _ => Raw,
        };
        format.AcceptOnlyFromAmong([Raw, .. ExportFormats.All]);
        var overwrite = new Option<bool>("--overwrite")
        {
            Description = "With --out: take the place of a file that is there.",
        };
        var rehydrate = new Option<string?>("--rehydrate")
        {
            Description = "Bring archived data back first, which takes hours; as the machine's "
                + "policy says, or at this priority. What was brought back goes at the end.",
            HelpName = "standard|high",
            Arity = ArgumentArity.ZeroOrOne,
        };
        rehydrate.AcceptOnlyFromAmong("standard", "high");
        var command = new Command(
            "restore", "Write a version's disk to a file, every block checked against its hash.")
        {
            machine, version, target, onto, from, disk, format, overwrite, rehydrate,
        };
        command.Validators.Add(result =>
        {
            var names = new[] { result.GetValue(target), result.GetValue(onto) };
            if (names.Count(n => n is not null) != 1)
                result.AddError("restore: give either --out FILE or --onto FILE.");
            else if (names[1] is null && result.GetValue(from) is not null)
                result.AddError("restore: --from goes with --onto.");
        });
        var plan = new PlanChoice();
        plan.AddTo(command);
        return shell.Bind(command, (parse, session, cancellation) => RunAsync(
            session,
            new RestoreInput(
                parse.GetValue(machine)!,
                Path.GetFullPath(parse.GetValue(target) ?? parse.GetValue(onto)!),
                Inputs.VersionOf(parse.GetValue(version)), parse.GetValue(disk),
                parse.GetValue(format)!, parse.GetValue(overwrite), parse.GetValue(onto) is not null,
                parse.GetValue(from),
                parse.GetResult(rehydrate) is null ? null : WishOf(parse.GetValue(rehydrate))),
            plan.Read(parse), cancellation));
    }

    private static RehydrationWish WishOf(string? word) => word switch
    {
        "standard" => RehydrationWish.Standard,
        "high" => RehydrationWish.High,
        _ => RehydrationWish.Usual,
    };

    private static Option<string?> File(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE" };

    private static async Task<int> RunAsync(
        CommandSession session, RestoreInput input, PlanChoice plan,
        CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", input.Machine);
        using var engine = await session.OpenAsync(create: false, cancellation);
        if (plan.IsOnly)
            return await PlanChoice.ShowAsync(
                session, engine, RestoreNames.Restore, input, input.Machine, cancellation);
        var planned = await plan.PlanAsync(
            engine, RestoreNames.Restore, input, input.Machine, cancellation);
        using var runner = engine.OpenReading();
        var result = await session.ShowAsync(
            engine.Progress,
            () => runner.RunAsync(
                RestoreNames.Restore, input, input.Machine, cancellation,
                leavesThings: input.Rehydrate is not null));
        session.Write(
            new RestoreDocument(
                result.Machine, result.Version, result.Disk, result.Target, result.Format,
                result.SizeBytes, result.LengthBytes, result.WrittenBytes, result.ZeroedBytes,
                result.ComparedBytes, result.Node.ToString(), result.RehydratedObjects,
                result.RehydratedBytes, UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(runner.Used, engine.Prices)),
            DocumentJson.Default.RestoreDocument,
            text => text.WriteLine(
                $"{result.Machine} version {result.Version}, {result.Disk}: "
                + $"{Amounts.Bytes(result.WrittenBytes)} written to {result.Target} "
                + $"({Amounts.Bytes(result.SizeBytes)}, {result.Format})"));
        PlanChoice.Tell(session, engine, planned, runner.Used);
        return ExitCodes.Ok;
    }
}
