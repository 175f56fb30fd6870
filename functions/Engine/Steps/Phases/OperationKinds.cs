namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>What operations do, as manifests name it.</summary>
public static class OperationKinds
{
    /// <summary>Ingests a snapshot.</summary>
    public const string Ingest = "ingest";

    /// <summary>Moves the base to a newer version.</summary>
    public const string Forwards = "consolidate-forwards";

    /// <summary>Moves the base to an older version.</summary>
    public const string Backwards = "consolidate-backwards";

    /// <summary>Makes merged indexes.</summary>
    public const string Merge = "merge";

    /// <summary>Copies deltas into packs.</summary>
    public const string Pack = "pack";

    /// <summary>Takes versions out of the lists and lays their deltas under their neighbours'.</summary>
    public const string Expire = "expire";

    /// <summary>Mends what is damaged.</summary>
    public const string Repair = "repair";

    /// <summary>Makes a clone.</summary>
    public const string Clone = "clone";

    /// <summary>Gives a clone all blocks of its own.</summary>
    public const string Flatten = "flatten";

    /// <summary>Shuts out an operation that was left under way.</summary>
    public const string Fence = "fence";
}
