namespace SnapshotFunctions.Engine.Ports;

/// <summary>
/// The condition of a write and what the object carries after it. Metadata and tier are replaced
/// by every write: what is not repeated is lost.
/// </summary>
/// <param name="IfMatch">Write only over this ETag; null for no such condition.</param>
/// <param name="IfAbsent">Write only if there is no object of that name.</param>
/// <param name="Tier">The tier to write to.</param>
/// <param name="Metadata">Names of lower-case letters and digits; values printable ASCII.</param>
public sealed record WriteOptions(
    string? IfMatch = null,
    bool IfAbsent = false,
    StorageTier Tier = StorageTier.Hot,
    IReadOnlyDictionary<string, string>? Metadata = null)
{
    /// <summary>Write only if there is no object of that name.</summary>
    public static WriteOptions Create(StorageTier tier = StorageTier.Hot) => new(IfAbsent: true, Tier: tier);

    /// <summary>Write only over this ETag.</summary>
    public static WriteOptions Replace(string etag, StorageTier tier = StorageTier.Hot) =>
        new(IfMatch: etag, Tier: tier);
}
