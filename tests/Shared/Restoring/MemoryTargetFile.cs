namespace SnapshotFunctions.TestShared.Restoring;

/// <summary>A file in memory, told from others of its name by its identity.</summary>
internal sealed class MemoryTargetFile(string identity, byte[] bytes)
{
    /// <summary>Its content.</summary>
    internal byte[] Bytes = bytes;

    private byte[] _flushed = [.. bytes];

    /// <summary>Its identity.</summary>
    public string Identity { get; } = identity;

    /// <summary>Makes its content durable.</summary>
    public void Flush() => _flushed = [.. Bytes];

    /// <summary>Goes back to what was made durable.</summary>
    public void LoseUnflushed() => Bytes = [.. _flushed];
}
