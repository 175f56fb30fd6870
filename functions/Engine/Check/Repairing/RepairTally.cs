namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>What repairs have come to; tallies of parts add up.</summary>
public sealed record RepairTally
{
    /// <summary>The most objects that are told by name.</summary>
    private const int MostNames = 40;

    /// <summary>Shards looked at.</summary>
    public int Shards { get; init; }

    /// <summary>Objects that are as they were, told or not.</summary>
    public int Repaired { get; init; }

    /// <summary>Damages that nothing stored can mend, told or not.</summary>
    public int Lost { get; init; }

    /// <summary>What was repaired, with what it was repaired from.</summary>
    public IReadOnlyList<string> Repairs { get; init; } = [];

    /// <summary>What is lost: the object, the bytes of it, why, and the versions.</summary>
    public IReadOnlyList<Finding> Losses { get; init; } = [];

    /// <summary>The tally of two parts.</summary>
    public RepairTally Plus(RepairTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new RepairTally
        {
            Shards = Shards + other.Shards,
            Repaired = Repaired + other.Repaired,
            Lost = Lost + other.Lost,
            Repairs = [.. Repairs.Concat(other.Repairs).Take(MostNames)],
            Losses = CheckTally.Bounded(Losses.Concat(other.Losses)),
        };
    }
}
