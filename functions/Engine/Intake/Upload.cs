using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>What lies among the uploads under one snapshot's name, at one look.</summary>
/// <param name="Machine">The machine's folder.</param>
/// <param name="Snapshot">The snapshot's folder; null for a file that lies where none belongs.</param>
/// <param name="Path">The folder, or that file, as the host names it.</param>
/// <param name="Files">The files in it, in ordinal order.</param>
public sealed record Upload(
    string Machine, string? Snapshot, string Path, IReadOnlyList<UploadedFile> Files)
{
    /// <summary>The file that binds several disks.</summary>
    public const string NoteName = "snapshot.json";

    /// <summary>Tells one state of the upload from another.</summary>
    public string State => string.Join(
        '\n',
        Files.Select(f => $"{f.Name}:{f.LengthBytes}:{f.Modified.UtcTicks}:{f.Identity}"));

    /// <summary>The same, short enough for a name: half of a hash over place and state.</summary>
    public string Mark =>
        Hash256.Of(Encoding.UTF8.GetBytes($"{Path}\n{State}")).ToString()[..32];

    /// <summary>When its last file was written: uploads are taken in this order.</summary>
    public DateTimeOffset Arrived => Files.Count == 0
        ? DateTimeOffset.MinValue
        : Files.Max(f => f.Modified);

    /// <summary>Whether it says itself that it is whole.</summary>
    public bool HasNote =>
        Files.Any(f => string.Equals(f.Name, NoteName, StringComparison.Ordinal));

    /// <summary>
    /// Whether its files come one by one through the API, which binds them when all are there: then
    /// even a single disk waits for the file that binds it.
    /// </summary>
    public bool IsGathered { get; init; }

    /// <summary>Whether it can be looked at: several disks wait for the file that binds them.</summary>
    public bool IsWhole =>
        Snapshot is null || HasNote || (Files.Count == 1 && !IsGathered);

    /// <summary>The image files.</summary>
    public IEnumerable<UploadedFile> Images =>
        Files.Where(f => !string.Equals(f.Name, NoteName, StringComparison.Ordinal));

    /// <summary>Whether this one is to be taken before another one of the same machine.</summary>
    public bool IsBefore(Upload other) => Arrived != other.Arrived
        ? Arrived < other.Arrived
        : string.CompareOrdinal(Path, other.Path) < 0;
}
