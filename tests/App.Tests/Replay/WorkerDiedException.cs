namespace SnapshotFunctions.AppTests.Replay;

/// <summary>The process that ran an activity has ended.</summary>
public sealed class WorkerDiedException() : Exception("dotnet exited with code 137 (0x89)");
