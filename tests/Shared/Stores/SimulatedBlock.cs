namespace SnapshotFunctions.TestShared.Stores;

/// <summary>One block's bytes, shared by every state that keeps it.</summary>
internal sealed record SimulatedBlock(string Id, byte[] Content, DateTimeOffset StagedAt);
