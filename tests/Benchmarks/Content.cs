namespace SnapshotFunctions.Benchmarks;

/// <summary>What is in the blocks that are measured.</summary>
public enum Content
{
    /// <summary>Words of a small vocabulary, as in logs and sources.</summary>
    Text,

    /// <summary>Records of numbers that differ a little, as in tables and binaries.</summary>
    Records,

    /// <summary>Nothing that compresses, as in packed files.</summary>
    Packed,
}
