using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check;

/// <summary>Collects what one check sees and finds.</summary>
internal sealed class Findings
{
    private const int MostTextCharacters = 160;
    private readonly List<Finding> _findings = [];
    private readonly HashSet<string> _archived = new(StringComparer.Ordinal);
    private long _errors;
    private long _warnings;

    public int Versions { get; set; }

    public int Deltas { get; set; }

    public long Objects { get; set; }

    public long BytesRead { get; set; }

    public long Blocks { get; set; }

    public long Orphans { get; set; }

    public long OrphanBytes { get; set; }

    public long Errors => _errors;

    /// <summary>Adds an error, or a warning when none of these versions could be restored.</summary>
    public void Add(
        string objectName, string expected, string found, IEnumerable<VersionMark> affected)
    {
        var marks = affected.ToList();
        var ready = marks.Exists(m => m.State == VersionState.Ready);
        Add(ready ? FindingSeverity.Error : FindingSeverity.Warning, objectName, expected, found,
            VersionMark.Text(marks));
    }

    public void Error(string objectName, string expected, string found, string versions = "") =>
        Add(FindingSeverity.Error, objectName, expected, found, versions);

    public void Warn(string objectName, string expected, string found) =>
        Add(FindingSeverity.Warning, objectName, expected, found, string.Empty);

    /// <summary>Adds what an exception says of an object.</summary>
    public void Add(SnapshotException error, string objectName, IEnumerable<VersionMark> affected)
    {
        var (name, expected, found) = Describe(error, objectName);
        Add(name, expected, found, affected);
    }

    /// <summary>What an exception says: the object, what was expected, what was found.</summary>
    public static (string Object, string Expected, string Found) Describe(
        SnapshotException error, string objectName) => error switch
        {
            CorruptObjectException damaged =>
                (damaged.ObjectName, damaged.Expected, damaged.Found),
            ObjectNotFoundException gone => (gone.ObjectName, "the object", "nothing"),
            ObjectArchivedException asleep =>
                (asleep.ObjectName, "an object that is online", "it is archived"),
            _ => (objectName, "an object that can be read", error.Message),
        };

    /// <summary>Counts an object whose bytes sleep.</summary>
    public void Archive(string objectName) => _archived.Add(objectName);

    /// <summary>Adds what a piece of this check has seen and found beside others.</summary>
    public void Add(Findings piece)
    {
        Versions += piece.Versions;
        Deltas += piece.Deltas;
        Objects += piece.Objects;
        BytesRead += piece.BytesRead;
        Blocks += piece.Blocks;
        Orphans += piece.Orphans;
        OrphanBytes += piece.OrphanBytes;
        _archived.UnionWith(piece._archived);
        foreach (var finding in piece._findings) Keep(finding);
        // Of what the piece did not keep only the numbers are known.
        _errors += piece._errors;
        _warnings += piece._warnings;
    }

    /// <summary>The same, as a pipeline hands pieces on: in the shard's order.</summary>
    public Task TakeAsync(Findings piece)
    {
        Add(piece);
        return Task.CompletedTask;
    }

    public CheckTally Close(int shards) => new()
    {
        Versions = Versions,
        Shards = shards,
        Deltas = Deltas,
        Objects = Objects,
        BytesRead = BytesRead,
        Blocks = Blocks,
        Archived = _archived.Count,
        Orphans = Orphans,
        OrphanBytes = OrphanBytes,
        Errors = _errors,
        Warnings = _warnings,
        Findings = CheckTally.Bounded(_findings),
    };

    private void Add(
        FindingSeverity severity, string objectName, string expected, string found, string versions)
    {
        if (severity == FindingSeverity.Error) _errors++;
        else _warnings++;
        Keep(new Finding(severity, objectName, Cut(expected), Cut(found), Cut(versions)));
    }

    /// <summary>Only so many are told; keeping more of a shard that is all rubble would cost memory.</summary>
    private void Keep(Finding finding)
    {
        if (_findings.Count >= 4 * CheckTally.MostFindings
            && finding.Severity != FindingSeverity.Error) return;
        if (_findings.Count <= 1000) _findings.Add(finding);
    }

    private static string Cut(string text) =>
        text.Length <= MostTextCharacters ? text : $"{text[..(MostTextCharacters - 3)]}...";
}
