using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>
/// Where an upload lies: gathered under a hidden name, which the watch leaves alone, in one folder
/// that gets the snapshot's name as one act when it is completed. What was received of each file,
/// and the receipt of a completion, lie beside that folder.
/// </summary>
internal sealed record UploadPlaces(string Incoming, string Machine, string Snapshot)
{
    private const string Ending = ".uploading";
    private const string Removing = ".removing";

    private static readonly EnumerationOptions NoLinks =
        new() { AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>The machine's folder.</summary>
    public string MachineFolder => Path.Combine(Incoming, Machine);

    /// <summary>The hidden folder.</summary>
    public string Hidden => Path.Combine(MachineFolder, $".{Snapshot}{Ending}");

    /// <summary>The folder of the files.</summary>
    public string Gathered => Path.Combine(Hidden, "gathered");

    /// <summary>Says which job took the upload, or is to.</summary>
    public string Receipt => Path.Combine(Hidden, "completed.json");

    /// <summary>Where the watch sees it.</summary>
    public string Visible => Path.Combine(MachineFolder, Snapshot);

    /// <summary>What is known of the upload's file.</summary>
    public string RecordOf(UploadKind kind, string name) =>
        Path.Combine(Hidden, $"{(kind is UploadKind.Disk ? "disk" : "file")}-{name}.json");

    /// <summary>A name that hides the upload from all but its removal.</summary>
    public string NewRemoved() =>
        Path.Combine(MachineFolder, $".{Snapshot}.{Guid.NewGuid():N}{Removing}");

    /// <summary>All uploads that are there, completed ones that are still known too.</summary>
    public static IEnumerable<UploadPlaces> All(string incoming) =>
        from machine in Folders(incoming, "*")
        from hidden in Folders(Path.Combine(incoming, machine), $".*{Ending}")
        select new UploadPlaces(incoming, machine, hidden[1..^Ending.Length]);

    /// <summary>What a removal has left when it was interrupted.</summary>
    public static IEnumerable<string> Removed(string incoming) =>
        from machine in Folders(incoming, "*")
        from hidden in Folders(Path.Combine(incoming, machine), $".*{Removing}")
        select Path.Combine(incoming, machine, hidden);

    private static List<string> Folders(string folder, string pattern)
    {
        // Links are left out: they could lead anywhere.
        var found = new DirectoryInfo(folder);
        return found.Exists && found.LinkTarget is null
            ? found.EnumerateDirectories(pattern, NoLinks)
                .Select(d => d.Name).Order(StringComparer.Ordinal).ToList()
            : [];
    }
}
