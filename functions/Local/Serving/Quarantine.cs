using System.Text.Json;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Serving;

/// <summary>Where bad uploads are put: <c>{machine}/{snapshot}/</c> with a <c>reason.json</c>.</summary>
internal sealed class Quarantine(string path)
{
    private const string ReasonName = "reason.json";
    private const string NoName = "unnamed";

    /// <summary>Puts an upload aside.</summary>
    /// <returns>Where it lies now.</returns>
    public string Put(Upload upload, QuarantineReason reason)
    {
        var folder = Path.Combine(path, Safe(upload.Machine), Safe(upload.Snapshot ?? NoName));
        // A second bad upload of one name keeps the first.
        for (var again = 2; Directory.Exists(folder); again++)
        {
            folder = Path.Combine(
                path, Safe(upload.Machine), $"{Safe(upload.Snapshot ?? NoName)}.{again}");
        }
        Directory.CreateDirectory(folder);
        // The reason first: files without one are an upload that is still to be moved.
        File.WriteAllBytes(
            Path.Combine(folder, ReasonName),
            JsonSerializer.SerializeToUtf8Bytes(reason, IntakeJson.Default.QuarantineReason));
        foreach (var file in upload.Files) Move(upload, file, folder);
        if (upload.Snapshot is not null) UploadFolder.Remove(upload);
        return folder;
    }

    /// <summary>
    /// Whether anything of a machine was put aside after a time: then what came since may build on
    /// what was not taken.
    /// </summary>
    public bool HasSince(string machine, DateTimeOffset since)
    {
        var folder = new DirectoryInfo(Path.Combine(path, machine));
        return folder.Exists && folder
            .EnumerateFiles(ReasonName, new EnumerationOptions { RecurseSubdirectories = true })
            .Any(f => f.LastWriteTimeUtc > since.UtcDateTime);
    }

    /// <summary>Why a snapshot was put aside, at a time or after it; null when it was not.</summary>
    public QuarantineReason? ReasonOf(string machine, string snapshot, DateTimeOffset since)
    {
        var folder = new DirectoryInfo(Path.Combine(path, machine));
        if (!folder.Exists) return null;
        return folder.EnumerateDirectories()
            .Where(d => string.Equals(d.Name.Split('.')[0], snapshot, StringComparison.Ordinal))
            .Select(d => Path.Combine(d.FullName, ReasonName))
            .Where(File.Exists)
            .Select(f => JsonSerializer.Deserialize(
                File.ReadAllBytes(f), IntakeJson.Default.QuarantineReason)!)
            .Where(r => r.Time >= since)
            .MaxBy(r => r.Time);
    }

    private static void Move(Upload upload, UploadedFile file, string folder)
    {
        var from = upload.Snapshot is null ? upload.Path : upload.FileAt(file.Name);
        var to = Path.Combine(folder, file.Name);
        if (string.Equals(file.Name, ReasonName, StringComparison.Ordinal)) to += ".uploaded";
        if (Directory.Exists(from) && new DirectoryInfo(from).LinkTarget is null)
            Directory.Move(from, to);
        else
            File.Move(from, to);
    }

    /// <summary>A name from the file system can hold anything but a slash; this one is shown.</summary>
    private static string Safe(string name) => ObjectNames.IsName(name)
        ? name
        : $"{NoName}-{Hash256.Of(System.Text.Encoding.UTF8.GetBytes(name)).ToString()[..12]}";
}
