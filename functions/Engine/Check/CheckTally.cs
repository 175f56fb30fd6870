namespace SnapshotFunctions.Engine.Check;

/// <summary>What a check has seen and found; tallies of parts add up.</summary>
public sealed record CheckTally
{
    /// <summary>The most findings that are told one by one; the others are counted.</summary>
    public const int MostFindings = 50;

    /// <summary>The most characters of findings: results of steps and flows stay small.</summary>
    public const int MostCharacters = 9_000;

    /// <summary>Versions that are listed.</summary>
    public int Versions { get; init; }

    /// <summary>Shards checked.</summary>
    public int Shards { get; init; }

    /// <summary>Deltas checked.</summary>
    public int Deltas { get; init; }

    /// <summary>Objects read or asked for.</summary>
    public long Objects { get; init; }

    /// <summary>Bytes read.</summary>
    public long BytesRead { get; init; }

    /// <summary>Blocks hashed from their bytes, each once a version that changes it.</summary>
    public long Blocks { get; init; }

    /// <summary>Objects whose bytes were not read because they are archived.</summary>
    public long Archived { get; init; }

    /// <summary>Objects that nothing lists.</summary>
    public long Orphans { get; init; }

    /// <summary>Their bytes.</summary>
    public long OrphanBytes { get; init; }

    /// <summary>Findings that are errors, told or not.</summary>
    public long Errors { get; init; }

    /// <summary>Findings that are warnings, told or not.</summary>
    public long Warnings { get; init; }

    /// <summary>Findings, errors first; the same one of several parts is told once.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The tally of two parts.</summary>
    public CheckTally Plus(CheckTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new CheckTally
        {
            Versions = Versions + other.Versions,
            Shards = Shards + other.Shards,
            Deltas = Deltas + other.Deltas,
            Objects = Objects + other.Objects,
            BytesRead = BytesRead + other.BytesRead,
            Blocks = Blocks + other.Blocks,
            Archived = Archived + other.Archived,
            Orphans = Orphans + other.Orphans,
            OrphanBytes = OrphanBytes + other.OrphanBytes,
            Errors = Errors + other.Errors,
            Warnings = Warnings + other.Warnings,
            Findings = Bounded(Findings.Concat(other.Findings)),
        };
    }

    /// <summary>As many of some findings as are told, errors first.</summary>
    internal static IReadOnlyList<Finding> Bounded(IEnumerable<Finding> findings)
    {
        var told = new List<Finding>();
        var characters = 0;
        foreach (var finding in findings.Distinct().OrderByDescending(f => f.Severity))
        {
            characters += finding.Object.Length + finding.Expected.Length + finding.Found.Length
                + finding.Versions.Length + 80;
            if (told.Count == MostFindings || characters > MostCharacters) break;
            told.Add(finding);
        }
        return told;
    }
}
