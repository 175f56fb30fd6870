namespace SnapshotFunctions.TestShared.Restoring;

/// <summary>A file in memory, told from others of its name by its identity.</summary>
internal sealed class MemoryTargetFile(string identity, byte[] bytes)
{
    /// <summary>Its content.</summary>
    internal byte[] Bytes = bytes;

    /// <summary>Its identity.</summary>
    public string Identity { get; } = identity;
}
