namespace SnapshotFunctions.Engine.Steps.Ingestion;

/// <summary>A window that was ingested.</summary>
/// <param name="FirstBlock">Its first block.</param>
/// <param name="Count">How many blocks it has.</param>
/// <param name="NonZero">Which of them are not all zero at the new version.</param>
internal readonly record struct WindowOutcome(int FirstBlock, int Count, ulong NonZero);
