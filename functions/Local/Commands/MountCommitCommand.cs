using System.CommandLine;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Mounting;
using SnapshotFunctions.Local.Mounting.Overlays;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>mount commit</c>: makes a version of what was written to a mount.</summary>
internal static class MountCommitCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var id = new Argument<string>("id") { Description = "The mount; 'mounts' shows them." };
        var to = new Option<string?>("--to")
        {
            Description = "Make a clone of the mount's version by this name, and what was written "
                + "its second version.",
            HelpName = "NEW-MACHINE",
        };
        var state = MountOptions.StateOption();
        var plan = new PlanChoice();
        var command = new Command(
            "commit",
            "Make what was written to a mount the next version of its machine, and drop the "
            + "mount. Without --to its version must be the newest.")
        {
            id, to, state,
        };
        plan.AddTo(command);
        return shell.Bind(
            command,
            (parse, session, cancellation) => RunAsync(
                session, parse.GetValue(id)!, parse.GetValue(to), parse.GetValue(state),
                plan.Read(parse), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string id, string? clone, string? state, PlanChoice plan,
        CancellationToken cancellation)
    {
        if (clone is not null) ObjectNames.CheckName("machine", clone);
        using var engine = await session.OpenAsync(create: false, cancellation);
        var mounts = new MountStore(engine, MountStore.RootOf(engine.Store, state));
        using var folder = await mounts.OpenAsync(id, cancellation);
        var commit = new NextVersionCommit(
            engine, work => session.ShowAsync(engine.Progress, work), clone);
        if (plan.IsOnly)
            return PlanChoice.Show(
                session, engine, await commit.PlanAsync(folder, cancellation));
        await using var drive = await session.EnterAsync(
            engine, folder.Record.Machine, cancellation);
        var planned = plan.IsShown
            ? (await commit.PlanAsync(folder, cancellation)).Usage : null;
        var (result, job) = await commit.CommitAsync(folder, cancellation);
        await mounts.RemoveAsync(folder, cancellation);
        var used = await engine.UsedAsync(job, cancellation);
        session.Write(
            new IngestDocument(
                result.Machine, result.Version, result.Parent, result.Against,
                result.Fingerprint.ToString(), result.ChangedBytes, result.StoredBytes,
                result.Base, job, CommandSession.Documents(drive),
                [.. folder.Record.Disks.Select(d => new IngestedImageDocument(
                    folder.OverlayOf(d), OverlaySource.FormatName, "what was written to a mount",
                    d.SizeBytes))],
                UsageDocument.Of(planned, engine.Prices), UsageDocument.Of(used, engine.Prices)),
            DocumentJson.Default.IngestDocument,
            text => text.WriteLine(IngestCommand.Words(result)));
        PlanChoice.Tell(session, engine, planned, used);
        return ExitCodes.Ok;
    }
}
