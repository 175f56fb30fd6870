using System.Text.Json;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Vmdk;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>Makes the input of an ingest from an upload, or refuses it.</summary>
public static class UploadReader
{
    private const int MostNoteBytes = 64 << 10;
    private const string Img = ".img";

    /// <summary>
    /// The input; null while the upload is not whole: several files wait for the
    /// <c>snapshot.json</c> that binds them and tells machine files from disks.
    /// </summary>
    /// <param name="upload">The upload.</param>
    /// <param name="sources">Opens its files.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <param name="coming">The note that is about to bind it; null reads the one it has.</param>
    /// <exception cref="RefusedException">Its names or its note are wrong.</exception>
    /// <exception cref="InvalidImageException">An image is not what its name says.</exception>
    public static async Task<IngestInput?> ReadAsync(
        Upload upload, ISourceOpener sources, CancellationToken cancellation,
        SnapshotNote? coming = null)
    {
        CheckPlace(upload);
        var note = coming
            ?? (upload.HasNote ? await NoteAsync(upload, sources, cancellation) : new SnapshotNote());
        var files = FilesOf(upload, note.Files ?? []);
        var images = upload.Images.Except(files).ToList();
        // Whatever they are called: the note to come may list some as machine files.
        if (coming is null && !upload.HasNote && images.Count > 1) return null;
        images = await WithoutExtentsAsync(images, sources, cancellation);
        CheckNames(images);
        if (images.Count == 0)
        {
            throw new RefusedException(
                "upload-empty", $"{Upload.NoteName} came without an image: upload the images first.");
        }
        CheckDisks(note, images);
        foreach (var image in images)
            await CheckImageAsync(image, sources, cancellation);
        return new IngestInput(
            upload.Machine,
            [
                .. images.Select(i => new IngestDisk(
                    i.Source, Path.GetFileNameWithoutExtension(i.Name), FormatOf(i.Name))),
            ],
            note.Parent, note.Label, upload.Snapshot,
            files.Count == 0
                ? null : [.. files.Select(f => new IngestFile(f.Source, f.Name))],
            note.Like);
    }

    /// <summary>Whether an image leaves anything to a parent.</summary>
    public static async Task<bool> IsIncrementalAsync(
        IngestInput input, ISourceOpener sources, CancellationToken cancellation)
    {
        foreach (var disk in input.Disks)
        {
            await using var image = await ImageOpener.OpenAsync(
                await sources.OpenAsync(disk.Source, null, cancellation), disk.Format,
                cancellation);
            if (image.HasParent) return true;
        }
        return false;
    }

    private static void CheckPlace(Upload upload)
    {
        if (upload.Snapshot is null)
        {
            throw new RefusedException(
                "upload-place",
                $"Expected files as machine/snapshot/disk.qcow2, found '{upload.Files[0].Name}' "
                + "outside of a snapshot's folder.");
        }
        ObjectNames.CheckName("machine", upload.Machine);
        ObjectNames.CheckName("snapshot", upload.Snapshot);
        foreach (var file in upload.Files)
        {
            if (file.IsLink)
            {
                throw new RefusedException(
                    "upload-link", $"'{file.Name}' is a folder or a link: upload plain files.");
            }
        }
    }

    /// <summary>
    /// The machine files: those that the note lists must be there, and one name stands for one
    /// file; what is not listed must be an image.
    /// </summary>
    private static List<UploadedFile> FilesOf(Upload upload, IReadOnlyList<string> listed)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { Upload.NoteName };
        var files = new List<UploadedFile>();
        foreach (var item in listed)
        {
            var name = ObjectNames.CheckFileName(item ?? string.Empty);
            if (!seen.Add(name)) throw BadNote($"each file once and not itself, found '{name}'");
            files.Add(upload.Files.FirstOrDefault(
                f => string.Equals(f.Name, name, StringComparison.Ordinal))
                ?? throw BadNote($"files that were uploaded before it, found none named '{name}'"));
        }
        return files;
    }

    /// <summary>The images without the files that a VMDK's descriptor among them names.</summary>
    private static async Task<List<UploadedFile>> WithoutExtentsAsync(
        List<UploadedFile> images, ISourceOpener sources, CancellationToken cancellation)
    {
        // An extent has its descriptor beside it, and both are of one ending.
        var vmdks = images.Where(i => FormatOf(i.Name) is "vmdk").ToList();
        if (vmdks.Count < 2) return images;
        var extents = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in vmdks.Where(f => f.LengthBytes <= VmdkDescriptor.MostBytes))
        {
            var source = await sources.OpenAsync(file.Source, file.Identity, cancellation);
            try
            {
                await using var image = await ImageOpener.OpenAsync(source, "vmdk", cancellation);
                extents.UnionWith(image.OtherFiles.Select(p => p.Name));
            }
            catch (InvalidImageException)
            {
                // It may be an extent; as an image it is opened once more, and refused then.
            }
        }
        return [.. images.Where(i => !extents.Contains(i.Name))];
    }

    private static void CheckNames(List<UploadedFile> images)
    {
        foreach (var file in images)
        {
            if (Path.GetExtension(file.Name) is not (
                ".raw" or Img or ".qcow2" or ".vhd" or ".vhdx" or ".vmdk" or ".sfd"))
            {
                throw new RefusedException(
                    "upload-format",
                    $"'{file.Name}': expected a name that ends in .raw, .img, .qcow2, .vhd, .vhdx, "
                    + $".vmdk or .sfd, or a machine file that {Upload.NoteName} lists.");
            }
            ObjectNames.CheckName("disk", Path.GetFileNameWithoutExtension(file.Name));
        }
    }

    private static async Task<SnapshotNote> NoteAsync(
        Upload upload, ISourceOpener sources, CancellationToken cancellation)
    {
        var file = upload.Files.First(
            f => string.Equals(f.Name, Upload.NoteName, StringComparison.Ordinal));
        await using var source = await sources.OpenAsync(
            file.Source, file.Identity, cancellation);
        if (source.LengthBytes > MostNoteBytes)
            throw BadNote($"at most {MostNoteBytes} bytes, found more");
        var content = new byte[source.LengthBytes];
        await source.ReadAsync(0, content, cancellation);
        try
        {
            return JsonSerializer.Deserialize(content, IntakeJson.Default.SnapshotNote)
                ?? throw BadNote("an object, found null");
        }
        catch (JsonException error)
        {
            throw BadNote($"JSON, found: {error.Message}");
        }
    }

    private static void CheckDisks(SnapshotNote note, List<UploadedFile> images)
    {
        var found = images.Select(i => Path.GetFileNameWithoutExtension(i.Name)).ToList();
        if (found.Distinct(StringComparer.Ordinal).Count() != found.Count)
        {
            throw new RefusedException(
                "upload-disks", $"Two images name one disk: {string.Join(", ", images.Select(i => i.Name))}.");
        }
        if (note.Disks is { } named && !named.ToHashSet(StringComparer.Ordinal).SetEquals(found))
        {
            throw BadNote(
                $"disks {string.Join(", ", named)}, found images of {string.Join(", ", found)}");
        }
    }

    /// <summary>
    /// A file named .img is raw; one that holds another format is not taken for it: what a raw
    /// disk begins with is its guest's to write.
    /// </summary>
    private static async Task CheckImageAsync(
        UploadedFile file, ISourceOpener sources, CancellationToken cancellation)
    {
        if (Path.GetExtension(file.Name) is not Img) return;
        await using var image = await ImageOpener.OpenAsync(
            await sources.OpenAsync(file.Source, file.Identity, cancellation), cancellation);
        if (image.Format is ImageOpener.Raw) return;
        throw new InvalidImageException(
            "other-format", file.Name, "a raw disk, as its name says", $"a {image.Format} image",
            null, $"Upload it as .{image.Format}, or as .raw if it is a raw disk all the same.");
    }

    private static string FormatOf(string name) =>
        Path.GetExtension(name) switch
        {
            ".qcow2" => "qcow2",
            ".vhd" => "vhd",
            ".vhdx" => "vhdx",
            ".vmdk" => "vmdk",
            ".sfd" => "sfd",
            _ => ImageOpener.Raw,
        };

    private static RefusedException BadNote(string what) =>
        new("upload-note", $"{Upload.NoteName}: expected {what}.");
}
