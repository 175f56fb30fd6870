namespace SnapshotFunctions.Engine.Views;

/// <summary>A block that differs between two versions.</summary>
/// <param name="Block">Its number in its shard.</param>
/// <param name="IsZero">Whether it is all zero at the version that is led to.</param>
public readonly record struct ChangedBlock(int Block, bool IsZero);
