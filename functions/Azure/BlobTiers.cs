using Azure.Storage.Blobs.Models;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// Azure's words for tiers and the port's. A tier that the service only inferred from the account
/// is no tier of the blob's own, and so <see cref="StorageTier.Default"/>, as on Premium accounts,
/// which name none: what was written with Default is read back as Default.
/// </summary>
internal static class BlobTiers
{
    private const string RehydratingPrefix = "rehydrate-pending-to-";

    /// <summary>The tier to name in a request, or null to name none.</summary>
    public static AccessTier? ToAzure(StorageTier tier) => tier switch
    {
        StorageTier.Default => (AccessTier?)null,
        StorageTier.Hot => AccessTier.Hot,
        StorageTier.Cool => AccessTier.Cool,
        StorageTier.Cold => AccessTier.Cold,
        StorageTier.Archive => AccessTier.Archive,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "This is no tier."),
    };

    /// <summary>What a blob's properties say of its tier.</summary>
    /// <param name="tier">The service's word, or null.</param>
    /// <param name="inferred">Whether the service took it from the account.</param>
    public static StorageTier FromAzure(string? tier, bool inferred) =>
        inferred ? StorageTier.Default : Parse(tier) ?? StorageTier.Default;

    /// <summary>
    /// Where a blob is going, from "rehydrate-pending-to-hot" and its like. Listings spell it in
    /// the SDK's enumeration ("RehydratePendingToHot"), which is read as well.
    /// </summary>
    public static StorageTier? Rehydrating(string? archiveStatus)
    {
        if (string.IsNullOrEmpty(archiveStatus))
            return null;
        var plain = archiveStatus.Replace("-", "", StringComparison.Ordinal);
        var prefix = RehydratingPrefix.Replace("-", "", StringComparison.Ordinal);

        // An unknown destination is still a rehydration under way; Hot is what it may be read as.
        return plain.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            ? Parse(plain[prefix.Length..]) ?? StorageTier.Hot
            : null;
    }

    private static StorageTier? Parse(string? tier) =>
        Enum.TryParse<StorageTier>(tier, ignoreCase: true, out var known) && Enum.IsDefined(known)
            ? known
            : null;
}
