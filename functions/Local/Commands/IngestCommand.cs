using System.CommandLine;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>ingest</c>: takes one snapshot of a machine in.</summary>
internal static class IngestCommand
{
    private const int MostLabel = 200;

    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var files = new Argument<string[]>("files")
        {
            Description = "One image a disk, full or incremental: FILE, or NAME=FILE to name the disk.",
            HelpName = "[NAME=]FILE",
            Arity = ArgumentArity.OneOrMore,
        };
        var parent = Inputs.VersionOption(
            "--parent", "The version that incremental images are laid on. Default: the newest.");
        var label = new Option<string?>("--label")
        {
            Description = "What you call this version.",
            HelpName = "TEXT",
        };
        label.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { Length: > MostLabel })
                result.AddError($"--label: expected at most {MostLabel} characters.");
        });
        var machineFiles = new Option<string[]>("--file")
        {
            Description = "A machine file to keep with the version, byte for byte (configuration, "
                + "NVRAM, vTPM state): FILE, or NAME=FILE. May be repeated.",
            HelpName = "[NAME=]FILE",
        };
        var like = new Option<string?>("--like")
        {
            Description = "Store a new machine against the one that it is most like ('auto'), or "
                + "against this one, so that what both have is kept once; 'none' for by itself. "
                + $"Default: the variable {LikeSetting.Variable}, else none.",
            HelpName = "auto|none|MACHINE",
        };
        var rule = BaseRule.Option();
        var command = new Command("ingest", "Take one snapshot of a machine in: a new version.")
        {
            machine, files, parent, label, machineFiles, like, rule,
        };
        var plan = new PlanChoice();
        plan.AddTo(command);
        return shell.Bind(command, (parse, session, cancellation) => RunAsync(
            session,
            new IngestInput(
                parse.GetValue(machine)!, [.. parse.GetValue(files)!.Select(DiskOf)],
                parse.GetValue(parent), parse.GetValue(label),
                Files: parse.GetValue(machineFiles) is { Length: > 0 } given
                    ? [.. given.Select(FileOf)] : null,
                Like: parse.GetValue(like)),
            BaseRule.Parse(parse.GetValue(rule)), plan.Read(parse), cancellation));
    }

    /// <summary>Takes a snapshot in and shows what it came to.</summary>
    private static async Task<int> RunAsync(
        CommandSession session, IngestInput input, BaseRuleSettings? rule, PlanChoice plan,
        CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", input.Machine);
        var setting = LikeSetting.Read(Environment.GetEnvironmentVariable(LikeSetting.Variable));
        using var engine = await session.OpenAsync(create: !plan.IsOnly, cancellation);
        input = await LikeSetting.ApplyAsync(input, setting, engine.Manifests, cancellation);
        if (plan.IsOnly)
        {
            if (rule is not null) session.Say("The plan is made with the rule that the machine has.");
            return await PlanChoice.ShowAsync(
                session, engine, FlowNames.Ingest, input, input.Machine, cancellation);
        }
        await using var drive = await session.EnterAsync(engine, input.Machine, cancellation);
        if (rule is not null)
            await BaseRule.ApplyAsync(engine, input.Machine, rule, cancellation);
        var planned = await plan.PlanAsync(
            engine, FlowNames.Ingest, input, input.Machine, cancellation);
        var images = await DescribeAsync(input, cancellation);
        var (result, job) = await session.ShowAsync(
            engine.Progress,
            () => engine.RunAsync(FlowNames.Ingest, input, input.Machine, planned, cancellation));
        var used = await engine.UsedAsync(job, cancellation);
        session.Write(
            new IngestDocument(
                result.Machine, result.Version, result.Parent, result.Against,
                result.Fingerprint.ToString(), result.ChangedBytes, result.StoredBytes,
                result.Base, job, CommandSession.Documents(drive), images,
                UsageDocument.Of(planned, engine.Prices), UsageDocument.Of(used, engine.Prices),
                result.Like is { } found
                    ? new LikeDocument(
                        found.Machine, found.Version, found.SamePercent, found.SavedBytes)
                    : null),
            DocumentJson.Default.IngestDocument,
            text =>
            {
                foreach (var image in images)
                    text.WriteLine($"{Path.GetFileName(image.File)}: {image.Description}");
                if (result.Like is { } like) text.WriteLine(Words(like));
                text.WriteLine(Words(result));
            });
        PlanChoice.Tell(session, engine, planned, used);
        return ExitCodes.Ok;
    }

    /// <summary>What the images are. One that is refused is left out: the flow says why.</summary>
    private static async Task<IReadOnlyList<IngestedImageDocument>> DescribeAsync(
        IngestInput input, CancellationToken cancellation)
    {
        var found = new List<IngestedImageDocument>();
        foreach (var disk in input.Disks)
        {
            try
            {
                await using var image = await ImageOpener.OpenAsync(
                    new FileByteSource(disk.Source), disk.Format, cancellation);
                found.Add(new IngestedImageDocument(
                    disk.Source, image.Format, image.Description, image.SizeBytes));
            }
            catch (Exception error) when (
                error is SnapshotException or IOException or UnauthorizedAccessException)
            {
                continue;
            }
        }
        return found;
    }

    /// <summary>What a new machine was stored against, and what that saved.</summary>
    public static string Words(LikeResult like) => like.Machine is { } machine
        ? $"stored against {machine} version {like.Version}, which has {like.SamePercent} of 100 "
            + $"sampled blocks: about {Amounts.Bytes(like.SavedBytes)} are not stored again"
        : $"stored whole: no machine has more than {like.SamePercent} of 100 sampled blocks";

    /// <summary>One line about a new version.</summary>
    public static string Words(IngestResult result) =>
        $"{result.Machine} version {result.Version}: {Amounts.Bytes(result.ChangedBytes)} changed, "
        + $"{Amounts.Bytes(result.StoredBytes)} stored, "
        + (result.Base == 0 ? string.Empty : $"base at version {result.Base}, ")
        + $"fingerprint {Amounts.Short(result.Fingerprint.ToString())}";

    /// <summary>Reads <c>[NAME=]FILE</c>; a file whose name has a '=' is itself.</summary>
    private static IngestDisk DiskOf(string text)
    {
        var (name, path) = Split(text, ObjectNames.IsName, "Give an image that is there.");
        return new IngestDisk(path, name, ImageNames.FormatOf(path));
    }

    /// <summary>Reads <c>[NAME=]FILE</c> of a machine file, which is called as its file is.</summary>
    private static IngestFile FileOf(string text)
    {
        var (name, path) = Split(text, ObjectNames.IsFileName, "Give a file that is there.");
        if (name is not null) return new IngestFile(path, name);
        name = Path.GetFileName(path);
        return ObjectNames.IsFileName(name)
            ? new IngestFile(path, name)
            : throw new RefusedException(
                "name",
                $"'{name}' is no machine file's name (1 to 63 of a-z, 0-9, '.' and '-', beginning "
                + "with a letter or digit): give it one as NAME=FILE.");
    }

    private static (string? Name, string Path) Split(
        string text, Func<string, bool> isName, string advice)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var named = equals > 0 && isName(text[..equals]) && !File.Exists(text);
        var path = Path.GetFullPath(named ? text[(equals + 1)..] : text);
        return File.Exists(path)
            ? (named ? text[..equals] : null, path)
            : throw new NoSuchException($"file '{path}'", advice);
    }
}
