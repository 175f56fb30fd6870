namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>A machine whose manifest was deleted.</summary>
/// <param name="OriginMachine">The machine that it began from; null for none.</param>
/// <param name="OriginJob">The job that had pinned that machine's version.</param>
public sealed record GoneHead(string? OriginMachine = null, string? OriginJob = null);
