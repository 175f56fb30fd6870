namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>What one step was let to ask for at high priority.</summary>
/// <param name="Key">Which step's wish it was: the same wish again is no new one.</param>
/// <param name="At">When.</param>
/// <param name="Count">How many of its objects.</param>
/// <param name="Bytes">Their length together.</param>
internal sealed record HighRequest(string Key, DateTimeOffset At, int Count, long Bytes);
