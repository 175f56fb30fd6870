namespace SnapshotFunctions.Local.Serving;

/// <summary>What lies in the incoming folder under one snapshot's name, at one look.</summary>
/// <param name="Machine">The machine's folder.</param>
/// <param name="Snapshot">The snapshot's folder; null for a file that lies where none belongs.</param>
/// <param name="Path">The folder, or that file.</param>
/// <param name="Files">The files in it, in ordinal order.</param>
internal sealed record Upload(
    string Machine, string? Snapshot, string Path, IReadOnlyList<UploadedFile> Files)
{
    /// <summary>The file that binds several disks.</summary>
    public const string NoteName = "snapshot.json";

    /// <summary>Tells one state of the upload from another.</summary>
    public string State => string.Join(
        '\n', Files.Select(f => $"{f.Name}:{f.LengthBytes}:{f.Modified.UtcTicks}"));

    /// <summary>When its last file was written: uploads are taken in this order.</summary>
    public DateTimeOffset Arrived => Files.Count == 0
        ? DateTimeOffset.MinValue
        : Files.Max(f => f.Modified);

    /// <summary>Whether it says itself that it is whole.</summary>
    public bool HasNote =>
        Files.Any(f => string.Equals(f.Name, NoteName, StringComparison.Ordinal));

    /// <summary>The image files.</summary>
    public IEnumerable<UploadedFile> Images =>
        Files.Where(f => !string.Equals(f.Name, NoteName, StringComparison.Ordinal));

    /// <summary>The path of a file in it.</summary>
    public string FileAt(string name) => System.IO.Path.Combine(Path, name);
}
