namespace SnapshotFunctions.Engine.Format;

/// <summary>Neighbouring blocks.</summary>
/// <param name="First">The first block.</param>
/// <param name="Count">How many.</param>
public readonly record struct BlockRun(int First, int Count)
{
    /// <summary>One past the last block.</summary>
    public int End => First + Count;
}
