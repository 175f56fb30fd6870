using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>An object that is to move by itself.</summary>
/// <param name="Name">Its name in the delta placement.</param>
/// <param name="Tier">Where to.</param>
/// <param name="LengthBytes">Its length.</param>
public sealed record TierMove(string Name, StorageTier Tier, long LengthBytes);
