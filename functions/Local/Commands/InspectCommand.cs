using System.CommandLine;
using System.Globalization;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>inspect</c>: tells what an image file is, without a store.</summary>
internal static class InspectCommand
{
    /// <summary>Amounts are counted in shards of this size, as a new machine's would be.</summary>
    private const long ShardBytes = 8L << 30;

    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var file = new Argument<string>("file")
        {
            Description = "An image of a disk.",
            HelpName = "FILE",
        };
        return shell.Bind(
            new Command("inspect", "Tell what an image is, and whether it can be taken in.")
            {
                file,
            },
            (parse, session, cancellation) => RunAsync(
                session, Path.GetFullPath(parse.GetValue(file)!), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
            throw new NoSuchException($"file '{path}'", "Give an image that is there.");
        var source = new FileByteSource(path);
        var lengthBytes = source.LengthBytes;
        await using var image = await ImageOpener.OpenAsync(
            source, ImageNames.FormatOf(path), cancellation);
        var survey = await ImageSurvey.RunAsync(image, ShardBytes, cancellation);
        var identity = image.Identity;
        session.Write(
            new InspectDocument(
                path, lengthBytes, image.Format, image.Description, image.SizeBytes,
                survey.DataBytes, survey.ZeroBytes, survey.ParentBytes, image.HasParent,
                identity.Id, identity.ParentIds, image.ParentHint),
            DocumentJson.Default.InspectDocument,
            text => Draw(text, path, lengthBytes, image, survey));
        return ExitCodes.Ok;
    }

    private static void Draw(
        IAnsiConsole text, string path, long lengthBytes, IDiskImage image, ImageSurvey survey)
    {
        var byName = ImageNames.FormatOf(path) is not null;
        text.WriteLine($"{Path.GetFileName(path)}: {image.Description}");
        Line("format", $"{image.Format}, {(byName ? "as its name says" : "told by its content")}");
        Line("file", $"{lengthBytes} bytes");
        if (image.OtherFiles.Count > 0)
            Line("and beside it", string.Join(", ", image.OtherFiles.Select(f => f.Name)));
        Line("disk", $"{image.SizeBytes} bytes ({Amounts.Bytes(image.SizeBytes)})");
        Line(
            "holds",
            $"{survey.DataBytes} bytes of data ({Share(survey.DataBytes)} of the disk), "
            + $"{survey.ZeroBytes} of zeros");
        if (image.HasParent)
        {
            Line("its parent's", $"{survey.ParentBytes} bytes");
            Line("names parent", image.ParentHint ?? "-");
            Line("parent id", image.Identity.ParentIds.Count == 0
                ? "-" : string.Join(" or ", image.Identity.ParentIds));
        }
        Line("id", image.Identity.Id ?? "-");
        Line("taken in as", image.HasParent ? "an incremental" : "a full image");

        string Share(long bytes) => string.Create(
            CultureInfo.InvariantCulture, $"{100.0 * bytes / image.SizeBytes:0.#} %");

        void Line(string name, string value) => text.WriteLine($"  {name,-13} {value}");
    }
}
