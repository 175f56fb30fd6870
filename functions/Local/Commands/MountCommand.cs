using System.CommandLine;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Mounting;
using SnapshotFunctions.Local.Nbd;
using SnapshotFunctions.Local.Rendering;
using SnapshotFunctions.Local.Runner;
using SnapshotFunctions.Local.Serving.Logs;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>mount</c>: serves a version's disks over NBD until it is stopped.</summary>
internal static class MountCommand
{
    /// <summary>The command with those below it.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = new Argument<string?>("machine")
        {
            Description = "The machine's name.", Arity = ArgumentArity.ZeroOrOne,
        };
        var version = new Argument<string?>("version")
        {
            Description = "The version's number, or 'latest'.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var disk = Inputs.Disk();
        disk.Description = "One disk alone; else all that the version has.";
        var writable = new Option<bool>("--writable")
        {
            Description = "Let clients write. What they write is kept beside the version, which "
                + "never changes, until 'mount commit' or 'mount discard'.",
        };
        var resume = new Option<string?>("--resume")
        {
            Description = "Serve a writable mount again with all that was written to it.",
            HelpName = "ID",
        };
        var options = new MountOptions();
        var command = new Command(
            "mount", "Serve a version's disks over NBD, at once and for any client, until Ctrl-C.")
        {
            machine, version, disk, writable, resume,
        };
        options.AddTo(command);
        command.Add(MountCommitCommand.Create(shell));
        command.Add(MountDiscardCommand.Create(shell));
        command.Validators.Add(result =>
        {
            var isResumed = result.GetValue(resume) is not null;
            if (isResumed && (result.GetValue(machine) is not null || result.GetValue(writable)))
                result.AddError("mount: --resume takes neither a machine nor --writable.");
            else if (!isResumed && (result.GetValue(machine) is null
                || !Inputs.IsVersion(result.GetValue(version))))
                result.AddError("mount: expected MACHINE and VERSION (a number or 'latest').");
        });
        return shell.Bind(command, async (parse, session, cancellation) =>
        {
            var setting = options.Read(parse, parse.GetValue(disk));
            using var engine = await session.OpenAsync(create: false, cancellation);
            var mounts = new MountStore(
                engine, MountStore.RootOf(engine.Store, parse.GetValue(options.State)));
            await mounts.SweepAsync(cancellation);
            using var folder = parse.GetValue(resume) is { } id
                ? await ResumeAsync(engine, mounts, id, cancellation)
                : await CreateAsync(
                    engine, mounts, parse.GetValue(machine)!,
                    Inputs.VersionOf(parse.GetValue(version)), parse.GetValue(disk),
                    parse.GetValue(writable), cancellation);
            return await ServeAsync(session, engine, mounts, folder, setting, cancellation);
        });
    }

    private static async Task<MountFolder> CreateAsync(
        LocalEngine engine, MountStore mounts, string machine, int? version, string? disk,
        bool isWritable, CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", machine);
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        var record = await ViewOpener.FindAsync(manifest, version, cancellation);
        var chosen = disk is null
            ? record.Disks
            : record.Disks.Where(d => string.Equals(d.Name, disk, StringComparison.Ordinal)).ToList();
        if (chosen.Count == 0)
            throw new NoSuchException(
                $"disk '{disk}' in version {record.Number} of '{machine}'",
                $"It has {string.Join(", ", record.Disks.Select(d => d.Name))}.");
        // A version holds all disks: what is committed must bring them all.
        IReadOnlyList<VersionDisk> disks = isWritable ? record.Disks : chosen;
        return await mounts.CreateAsync(machine, record, disks, isWritable, cancellation);
    }

    private static async Task<MountFolder> ResumeAsync(
        LocalEngine engine, MountStore mounts, string id, CancellationToken cancellation)
    {
        var folder = await mounts.OpenAsync(id, cancellation);
        try
        {
            if (folder.Record.Job is { } job)
            {
                var state = (await engine.Runner.GetAsync(job, cancellation))?.State;
                if (state is JobState.Running or JobState.Completed)
                {
                    throw new RefusedException(
                        "mount-committing",
                        $"Mount '{id}' is being committed: 'mount commit {id}' ends that.");
                }
                folder.Write(folder.Record with { Job = null });
            }
            await mounts.PinAsync(folder.Record, cancellation);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static async Task<int> ServeAsync(
        CommandSession session, LocalEngine engine, MountStore mounts, MountFolder folder,
        MountSetting setting, CancellationToken cancellation)
    {
        var record = folder.Record;
        using var logs = new LineLoggerProvider(
            session.Console.Error, session.Json,
            CommandSession.Tracing ? LogLevel.Debug : LogLevel.Information, session.Time);
        try
        {
            await using var host = await MountHost.StartAsync(
                engine, folder, setting, new NbdLimits(), logs.CreateLogger("Nbd"), cancellation);
            Tell(session, record, host.Disks);
            await Task.Delay(Timeout.InfiniteTimeSpan, session.Time, cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch when (!record.IsWritable)
        {
            await mounts.RemoveAsync(folder, CancellationToken.None);
            throw;
        }
        if (!record.IsWritable) await mounts.RemoveAsync(folder, CancellationToken.None);
        else if (!session.Json) session.Say(AfterWords(record));
        return ExitCodes.Ok;
    }

    private static void Tell(
        CommandSession session, MountRecord record, IReadOnlyList<MountedDisk> disks) =>
        session.Write(
            new MountDocument(
                record.Id, record.Machine, record.Version, record.IsWritable,
                [.. disks.Select(d => new MountedDiskDocument(d.Name, d.SizeBytes, d.Uris))]),
            DocumentJson.Default.MountDocument,
            text =>
            {
                foreach (var line in MountWords.Of(record, disks))
                    text.Profile.Out.Writer.WriteLine(line);
            });

    private static string AfterWords(MountRecord record) =>
        $"What was written is kept as mount {record.Id}: 'mount --resume {record.Id}' serves it "
        + $"again, 'mount commit {record.Id}' makes a version of it, 'mount discard {record.Id}' "
        + "drops it.";
}
