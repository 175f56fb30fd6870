namespace SnapshotFunctions.Engine.Planning.Tiering;

/// <summary>Every margin of tiering.</summary>
public sealed record TieringMargins
{
    /// <summary>The least that a pack holds; what is as long by itself needs none.</summary>
    public long PackBytes { get; init; } = 64L << 20;

    /// <summary>The most that a pack holds.</summary>
    public long MostPackBytes { get; init; } = 160L << 20;

    /// <summary>The most edges whose deltas one pack takes, whatever their shards.</summary>
    public int MostPackSets { get; init; } = 512;

    /// <summary>The most deltas that one pack takes: one step copies them one after the other.</summary>
    public int MostPackMembers { get; init; } = 2048;

    /// <summary>Packs of one operation: all of its names are listed in the manifest's head.</summary>
    public int MostPacks { get; init; } = 4;

    /// <summary>Operations of one run that write packs; the next run goes on.</summary>
    public int MostOperations { get; init; } = 64;

    /// <summary>So many of the newest reverse incrementals of a shard stay warm, for an undo.</summary>
    public int WarmReverses { get; init; } = 2;

    /// <summary>How far ahead costs are added up for what never expires.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromDays(730);

    /// <summary>A gain below this share of what staying costs is left: forecasts are no better.</summary>
    public decimal LeastGainShare { get; init; } = 0.02m;

    /// <summary>The pace that is taken for granted of a machine with fewer than two versions.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Deltas that one step looks at.</summary>
    public int MostLooked { get; init; } = 4096;

    /// <summary>Objects that one step moves.</summary>
    public int MostMoves { get; init; } = 64;

    /// <summary>Bytes that one request of a copy into a pack reads.</summary>
    public int PieceBytes { get; init; } = 4 << 20;

    /// <summary>The margins of a real store.</summary>
    public static TieringMargins Default { get; } = new();
}
