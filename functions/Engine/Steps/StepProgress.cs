using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps;

/// <summary>How far the step of one shard has come; only shown, nothing rests on it.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Phase">What is being done, in a word or two for people.</param>
/// <param name="DoneBytes">Bytes of the disk that are done.</param>
/// <param name="TotalBytes">Bytes of the disk to be looked at.</param>
public readonly record struct StepProgress(
    ShardKey Shard, string Phase, long DoneBytes, long TotalBytes);
