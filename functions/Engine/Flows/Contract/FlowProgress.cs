namespace SnapshotFunctions.Engine.Flows.Contract;

/// <summary>How far a run has come.</summary>
/// <param name="Phase">What is being done, in a word or two for people.</param>
/// <param name="Done">Units done, in <paramref name="Unit"/>.</param>
/// <param name="Total">Units in all; 0 when not known.</param>
/// <param name="Unit">What is counted: <c>shards</c>, <c>bytes</c>.</param>
public sealed record FlowProgress(string Phase, long Done, long Total, string Unit);
