using System.CommandLine;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>diff</c>: tells where two versions of a machine differ.</summary>
internal static class DiffCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var from = Inputs.Version("version1");
        var to = Inputs.Version("version2");
        var disk = Inputs.Disk();
        disk.Description = "Only this disk.";
        var file = new Option<string?>("--to")
        {
            Description = "Also write what leads from the first version's disk to the second's as a "
                + "changed-block file.",
            HelpName = "FILE.sfd",
        };
        var command = new Command("diff", "Show which ranges of two versions' disks differ.")
        {
            machine, from, to, disk, file,
        };
        return shell.Bind(command, (parse, session, cancellation) => RunAsync(
            session, parse.GetValue(machine)!, Inputs.VersionOf(parse.GetValue(from)),
            Inputs.VersionOf(parse.GetValue(to)), parse.GetValue(disk),
            parse.GetValue(file) is { } path ? Path.GetFullPath(path) : null, cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string machine, int? from, int? to, string? disk,
        string? file, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        var first = await ViewOpener.FindAsync(manifest, from, cancellation);
        var second = await ViewOpener.FindAsync(manifest, to, cancellation);
        var found = await new VersionComparison(engine, manifest, first, second)
            .CompareAsync(disk, cancellation);
        long? written = null;
        if (file is not null)
        {
            if (found.Count != 1)
                throw new RefusedException(
                    "which-disk",
                    $"A changed-block file is of one disk: name one of {string.Join(
                        ", ", found.Select(d => d.Disk))} with --disk.");
            written = await new ChangedBlockFile(engine, manifest, first, second)
                .WriteAsync(found[0], file, cancellation);
        }
        session.Write(
            new DiffDocument(machine, first.Number, second.Number, found, file, written),
            DocumentJson.Default.DiffDocument,
            text =>
            {
                foreach (var item in found)
                {
                    text.WriteLine(
                        $"{item.Disk}: {Amounts.Bytes(item.ChangedBytes)} in {item.Ranges.Count} "
                        + $"ranges differ{Sizes(item)}");
                    foreach (var range in item.Ranges)
                        text.WriteLine($"  {range.Offset,16} {range.Length,14}");
                }
                if (written is { } bytes)
                    text.WriteLine($"{Amounts.Bytes(bytes)} written to {file}");
            });
        return ExitCodes.Ok;
    }

    private static string Sizes(DiskDiffDocument item) => item switch
    {
        { FromSizeBytes: null } => "; the first version has no such disk",
        { ToSizeBytes: null } => "; the second version has no such disk",
        _ when item.FromSizeBytes != item.ToSizeBytes =>
            $"; size {item.FromSizeBytes} and {item.ToSizeBytes} bytes",
        _ => string.Empty,
    };
}
