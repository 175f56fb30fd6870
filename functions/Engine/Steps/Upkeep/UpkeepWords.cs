namespace SnapshotFunctions.Engine.Steps.Upkeep;

/// <summary>The parts of upkeep, as results tell them.</summary>
public static class UpkeepWords
{
    /// <summary>Versions expire by the policy.</summary>
    public const string Retention = "retention";

    /// <summary>Deltas go down the ladder.</summary>
    public const string Tiering = "tiering";

    /// <summary>All objects are looked at.</summary>
    public const string Quick = "verify-quick";

    /// <summary>A share of the bytes is read.</summary>
    public const string Share = "verify-share";

    /// <summary>What was found damaged is repaired.</summary>
    public const string Repair = "repair";

    /// <summary>What nobody may read any more is deleted.</summary>
    public const string Sweep = "sweep";

    /// <summary>The machine's deletion.</summary>
    public const string Purge = "purge";
}
