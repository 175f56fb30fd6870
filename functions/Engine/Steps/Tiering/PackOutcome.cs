using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>A pack that was written, with the indexes of its members.</summary>
/// <param name="Number">Its number among its operation's packs.</param>
/// <param name="Members">Deltas in it.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Hash">The SHA-256 of all of it.</param>
public sealed record PackOutcome(int Number, int Members, long LengthBytes, Hash256 Hash);
