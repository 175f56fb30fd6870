namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>What <c>RestoreShard</c> works on: a shard, or a part of it.</summary>
/// <param name="Source">What is restored.</param>
/// <param name="Target">Where to.</param>
/// <param name="Shard">The shard.</param>
/// <param name="First">The first block.</param>
/// <param name="End">One past the last block.</param>
public sealed record RestoreShardInput(
    RestoreSource Source, PreparedTarget Target, int Shard, int First, int End);
