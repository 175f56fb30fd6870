namespace SnapshotFunctions.Engine.Ports;

/// <summary>What a store tells of an object without reading its bytes.</summary>
/// <param name="Name">The object's name in its store.</param>
/// <param name="LengthBytes">Its committed length.</param>
/// <param name="ETag">Names this state of the object; never repeats for a name.</param>
/// <param name="Tier">Where it lies now.</param>
/// <param name="RehydratingTo">The tier a rehydration under way leads to, else null.</param>
/// <param name="Modified">When this state was committed.</param>
/// <param name="Metadata">Short names and values; names are lower-case letters and digits.</param>
public sealed record ObjectProperties(
    string Name,
    long LengthBytes,
    string ETag,
    StorageTier Tier,
    StorageTier? RehydratingTo,
    DateTimeOffset Modified,
    IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>
    /// When it came to its tier, where the store tells; else null, and it has lain there since
    /// <see cref="Modified"/> as far as is known.
    /// </summary>
    public DateTimeOffset? TierChanged { get; init; }
}
