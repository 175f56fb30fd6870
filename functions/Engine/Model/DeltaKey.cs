namespace SnapshotFunctions.Engine.Model;

/// <summary>
/// Names one delta of a shard: the changed sectors that lead from one version to a neighbouring
/// retained one. Forward when <see cref="To"/> is above <see cref="From"/>, else reverse.
/// </summary>
/// <param name="From">The version it is laid over.</param>
/// <param name="To">The version it leads to.</param>
/// <param name="Operation">The operation that wrote it.</param>
public readonly record struct DeltaKey(int From, int To, long Operation)
{
    /// <summary>Whether it leads to a newer version.</summary>
    public bool IsForward => To > From;

    /// <summary>The higher of its two versions: the number of the edge it describes.</summary>
    public int Edge => Math.Max(From, To);

    /// <summary>The key of the delta the other way, written by another operation.</summary>
    public DeltaKey Reversed(long operation) => new(To, From, operation);
}
