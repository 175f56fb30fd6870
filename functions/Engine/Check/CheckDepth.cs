namespace SnapshotFunctions.Engine.Check;

/// <summary>How deep a verification goes. Stored by name.</summary>
public enum CheckDepth
{
    /// <summary>Manifest, indexes and footers are read; of data only that it is there.</summary>
    Quick,

    /// <summary>As quick, and a share of the index pages with all their blocks at every version.</summary>
    Sampled,

    /// <summary>Every live byte is read and every version derived anew.</summary>
    Full,
}
