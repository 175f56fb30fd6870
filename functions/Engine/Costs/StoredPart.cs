namespace SnapshotFunctions.Engine.Costs;

/// <summary>What an object is kept for.</summary>
public enum StoredPart
{
    /// <summary>Base images.</summary>
    Base,

    /// <summary>The data of deltas.</summary>
    Delta,

    /// <summary>Indexes of deltas, merged ones among them.</summary>
    Index,

    /// <summary>Packs of small deltas.</summary>
    Pack,

    /// <summary>Machine files.</summary>
    File,

    /// <summary>Heads, pages and tables of the manifest.</summary>
    Manifest,

    /// <summary>What is of no version: left over, or not known to this program.</summary>
    Other,
}
