namespace SnapshotFunctions.Engine.Ports;

/// <summary>What a restore may do to its target.</summary>
public enum RestoreMode
{
    /// <summary>Makes a target that is not there yet.</summary>
    New,

    /// <summary>Makes a target, and puts it in the place of one that is there, once it is whole.</summary>
    Overwrite,

    /// <summary>
    /// Writes into a target that is there, and only what differs. A restore that ends midway leaves
    /// it partly changed; running it again completes it.
    /// </summary>
    Onto,
}
