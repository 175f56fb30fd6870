namespace SnapshotFunctions.Engine.Ports;

/// <summary>One block of an object as it stands, in order.</summary>
/// <param name="Id">The block's id in base 64.</param>
/// <param name="LengthBytes">Its length.</param>
public readonly record struct CommittedBlock(string Id, long LengthBytes);
