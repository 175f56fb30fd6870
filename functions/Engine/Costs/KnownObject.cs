using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>What a meter remembers of an object.</summary>
/// <param name="Tier">Its tier.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Since">Since when it lies there, as far as that is known.</param>
/// <param name="RehydratingTo">Where it is on its way to.</param>
internal readonly record struct KnownObject(
    StorageTier Tier, long LengthBytes, DateTimeOffset Since, StorageTier? RehydratingTo)
{
    /// <summary>What the store tells.</summary>
    public static KnownObject Of(ObjectProperties told) => new(
        told.Tier, told.LengthBytes, told.TierChanged ?? told.Modified, told.RehydratingTo);
}
