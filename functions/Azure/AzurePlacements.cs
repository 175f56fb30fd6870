using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore;

/// <summary>The two placements on Azure Blob Storage, opened.</summary>
/// <param name="Base">Where the base images lie: Hot or Premium.</param>
/// <param name="Delta">Where deltas lie and move down the tiers.</param>
public sealed record AzurePlacements(IObjectStore Base, IObjectStore Delta)
{
    /// <summary>Whether a setting names Azure Blob Storage.</summary>
    public static bool Recognises(string setting) => AzureStoreSettings.Recognises(setting);

    /// <summary>Opens both containers, and makes those that are not there.</summary>
    /// <param name="setting">As <see cref="AzureStoreSettings"/> reads it.</param>
    /// <param name="options">Containers' names, retries and the like, or null.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">The setting is malformed.</exception>
    /// <exception cref="StoreException">An account did not answer, or refused.</exception>
    public static async Task<AzurePlacements> OpenAsync(
        string setting, AzureStoreOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new AzureStoreOptions();
        var settings = AzureStoreSettings.Parse(setting);
        if (!settings.TwoAccounts && string.Equals(
            options.BaseContainer, options.DeltaContainer, StringComparison.Ordinal))
        {
            throw AzureAccount.Malformed(
                $"base images and deltas cannot share the container '{options.BaseContainer}'");
        }

        var (baseAccount, deltaAccount) = settings.Connect(options);
        return new AzurePlacements(
            await AzureBlobStore.OpenAsync(
                baseAccount, options.BaseContainer, !options.PremiumBase, cancellation),
            await AzureBlobStore.OpenAsync(
                deltaAccount, options.DeltaContainer, tiered: true, cancellation));
    }
}
