using System.Text.Json;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Files;

namespace SnapshotFunctions.Local.Serving;

/// <summary>Makes the input of an ingest from an upload, or refuses it.</summary>
internal static class UploadReader
{
    private const int MostNoteBytes = 64 << 10;
    private const string Img = ".img";

    /// <summary>
    /// The input; null while the upload is not whole: several disks wait for the
    /// <c>snapshot.json</c> that binds them.
    /// </summary>
    /// <exception cref="RefusedException">Its names or its note are wrong.</exception>
    /// <exception cref="InvalidImageException">An image is not what its name says.</exception>
    public static async Task<IngestInput?> ReadAsync(
        Upload upload, CancellationToken cancellation)
    {
        CheckNames(upload);
        var note = upload.HasNote ? await NoteAsync(upload, cancellation) : new SnapshotNote();
        var images = upload.Images.ToList();
        if (!upload.HasNote && images.Count > 1) return null;
        if (images.Count == 0)
        {
            throw new RefusedException(
                "upload-empty", $"{Upload.NoteName} came without an image: upload the images first.");
        }
        CheckDisks(note, images);
        foreach (var image in images)
            await CheckImageAsync(upload, image, cancellation);
        return new IngestInput(
            upload.Machine,
            [
                .. images.Select(i => new IngestDisk(
                    upload.FileAt(i.Name), Path.GetFileNameWithoutExtension(i.Name),
                    FormatOf(i.Name))),
            ],
            note.Parent, note.Label, upload.Snapshot);
    }

    /// <summary>Whether an image leaves anything to a parent.</summary>
    public static async Task<bool> IsIncrementalAsync(
        IngestInput input, CancellationToken cancellation)
    {
        foreach (var disk in input.Disks)
        {
            await using var image = await ImageOpener.OpenAsync(
                new FileByteSource(disk.Source), disk.Format, cancellation);
            if (image.HasParent) return true;
        }
        return false;
    }

    private static void CheckNames(Upload upload)
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
        foreach (var file in upload.Images)
        {
            if (Path.GetExtension(file.Name) is not (".raw" or Img or ".qcow2" or ".vhd" or ".vhdx"))
            {
                throw new RefusedException(
                    "upload-format",
                    $"'{file.Name}': expected a name that ends in .raw, .img, .qcow2, .vhd or .vhdx.");
            }
            ObjectNames.CheckName("disk", Path.GetFileNameWithoutExtension(file.Name));
        }
    }

    private static async Task<SnapshotNote> NoteAsync(
        Upload upload, CancellationToken cancellation)
    {
        var path = upload.FileAt(Upload.NoteName);
        if (new FileInfo(path).Length > MostNoteBytes)
            throw BadNote($"at most {MostNoteBytes} bytes, found more");
        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync(
                file, ServingJson.Default.SnapshotNote, cancellation)
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
        Upload upload, UploadedFile file, CancellationToken cancellation)
    {
        if (Path.GetExtension(file.Name) is not Img) return;
        await using var image = await ImageOpener.OpenAsync(
            new FileByteSource(upload.FileAt(file.Name)), cancellation);
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
            _ => ImageOpener.Raw,
        };

    private static RefusedException BadNote(string what) =>
        new("upload-note", $"{Upload.NoteName}: expected {what}.");
}
