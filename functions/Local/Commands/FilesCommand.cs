using System.CommandLine;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>files</c>: lists a version's machine files, or writes them to a folder.</summary>
internal static class FilesCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var version = Inputs.Version("version");
        var names = new Argument<string[]>("names")
        {
            Description = "The files wanted. Default: all.",
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var folder = new Option<string?>("--out")
        {
            Description = "A folder to write them to; made when it is not there.",
            HelpName = "FOLDER",
        };
        var overwrite = new Option<bool>("--overwrite")
        {
            Description = "With --out: take the place of files that are there.",
        };
        var command = new Command(
            "files", "List a version's machine files, or write them to a folder.")
        {
            machine, version, names, folder, overwrite,
        };
        return shell.Bind(command, (parse, session, cancellation) => RunAsync(
            session, parse.GetValue(machine)!, Inputs.VersionOf(parse.GetValue(version)),
            parse.GetValue(names)!, parse.GetValue(folder), parse.GetValue(overwrite),
            cancellation));
    }

    /// <summary>A file for JSON.</summary>
    public static MachineFileDocument Document(VersionFile file, string? path = null) =>
        new(file.Name, file.LengthBytes, file.Hash.ToString(), file.Version, path);

    private static async Task<int> RunAsync(
        CommandSession session, string machine, int? version, string[] names, string? folder,
        bool overwrite, CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", machine);
        using var engine = await session.OpenAsync(create: false, cancellation);
        var reader = engine.Services.Files;
        var record = await reader.FindAsync(machine, version, cancellation);
        var wanted = Wanted(record, machine, names);
        var documents = new List<MachineFileDocument>();
        if (folder is not null)
        {
            folder = Path.GetFullPath(folder);
            NewFiles.Check(folder, wanted.Select(f => f.Name), overwrite);
        }
        foreach (var file in wanted)
        {
            string? path = null;
            if (folder is not null)
            {
                var read = await reader.ReadAsync(
                    machine, record.Number, file.Name, cancellation);
                path = await NewFiles.WriteAsync(
                    folder, file.Name, read.Content, overwrite, cancellation);
            }
            documents.Add(Document(file, path));
        }
        session.Write(
            new MachineFilesDocument(machine, record.Number, documents),
            DocumentJson.Default.MachineFilesDocument,
            text =>
            {
                if (documents.Count == 0)
                    text.Profile.Out.Writer.WriteLine(
                        $"{machine} version {record.Number} has no machine files");
                // One line a file, whole: for other programs too.
                foreach (var file in documents)
                    text.Profile.Out.Writer.WriteLine(
                        $"{file.Sha256}  {file.Path ?? file.Name}  {file.LengthBytes} bytes");
            });
        return ExitCodes.Ok;
    }

    private static List<VersionFile> Wanted(
        VersionRecord record, string machine, string[] names)
    {
        var files = record.Files ?? [];
        if (names.Length == 0) return [.. files];
        var missing = names.Except(files.Select(f => f.Name), StringComparer.Ordinal).ToList();
        return missing.Count == 0
            ? [.. files.Where(f => names.Contains(f.Name, StringComparer.Ordinal))]
            : throw new NoSuchException(
                $"machine file '{missing[0]}' in version {record.Number} of '{machine}'",
                files.Count == 0
                    ? "It has none."
                    : $"It has {string.Join(", ", files.Select(f => f.Name))}.");
    }
}
