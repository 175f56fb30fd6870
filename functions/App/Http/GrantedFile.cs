using SnapshotFunctions.AzureStore.Uploads;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Uploads;

namespace SnapshotFunctions.App.Http;

/// <summary>What a blob of an upload is, by its name.</summary>
/// <param name="Kind">A disk's image, or a machine file.</param>
/// <param name="Name">The disk's name, or the file's.</param>
/// <param name="Format">An image's format.</param>
internal sealed record GrantedFile(UploadKind Kind, string Name, string? Format)
{
    /// <summary>Reads a blob's name, below its snapshot.</summary>
    public static GrantedFile Of(string blob)
    {
        var dot = blob.LastIndexOf('.');
        return dot > 0 && UploadRules.Formats.Contains(blob[(dot + 1)..], StringComparer.Ordinal)
            ? new GrantedFile(UploadKind.Disk, blob[..dot], blob[(dot + 1)..])
            : new GrantedFile(UploadKind.File, blob, null);
    }

    /// <summary>Holds what is there against what was named.</summary>
    /// <returns>The machine files.</returns>
    /// <exception cref="RefusedException">"upload-incomplete": one is missing, or too many.</exception>
    public static IReadOnlyList<string> CheckWhole(
        UploadClosing closing, IReadOnlyList<UploadedBlob> blobs)
    {
        var files = blobs.Select(b => Of(b.Name)).ToList();
        var told = closing.Files ?? [.. Names(UploadKind.File)];
        Check("disk", closing.Disks, Names(UploadKind.Disk));
        Check("machine file", told, Names(UploadKind.File));
        return told;

        IEnumerable<string> Names(UploadKind kind) =>
            files.Where(f => f.Kind == kind).Select(f => f.Name);
    }

    private static void Check(string word, IReadOnlyList<string> named, IEnumerable<string> found)
    {
        var left = found.ToList();
        foreach (var name in named)
        {
            if (!left.Remove(name)) throw Incomplete($"{word} '{name}' was not uploaded");
        }
        if (left.Count > 0)
        {
            throw Incomplete(
                $"{word} '{left[0]}' was uploaded and is not named, or twice; name it or drop it");
        }
    }

    private static RefusedException Incomplete(string why) =>
        new("upload-incomplete", $"The upload is not whole: {why}.");
}
