namespace SnapshotFunctions.Engine.Ports;

/// <summary>One entry of a block list to commit.</summary>
/// <param name="Id">
/// The block's id in base 64; all ids of one object are equally long, at most 64 bytes decoded.
/// </param>
/// <param name="Committed">
/// True for a block of the object as it stands, false for one staged since. There is no "latest":
/// with it a late worker that stages the same id again could swap bytes in.
/// </param>
public readonly record struct BlockReference(string Id, bool Committed);
