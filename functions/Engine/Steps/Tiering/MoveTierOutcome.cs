namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>What lies in its new tier.</summary>
/// <param name="Moved">Objects that do, whoever moved them.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record MoveTierOutcome(int Moved, long Bytes);
