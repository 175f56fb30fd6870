using Azure.Storage.Blobs;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// Where the two placements lie, read from one text:
/// <list type="bullet">
/// <item>an account's URL, <c>https://account.blob.core.windows.net</c>, reached with the identity
/// that the environment offers;</item>
/// <item>a connection string, such as <c>UseDevelopmentStorage=true</c>;</item>
/// <item>two of these with a comma between: the account of the base images, then that of the
/// deltas.</item>
/// </list>
/// </summary>
public sealed class AzureStoreSettings
{
    private readonly AzureAccount _base;
    private readonly AzureAccount _delta;

    private AzureStoreSettings(AzureAccount @base, AzureAccount delta) =>
        (_base, _delta) = (@base, delta);

    /// <summary>Whether base images and deltas lie in two accounts.</summary>
    public bool TwoAccounts => !_base.IsSame(_delta);

    /// <summary>Whether a text looks like such a setting, and not like a folder.</summary>
    public static bool Recognises(string setting) =>
        setting.Split(',', StringSplitOptions.TrimEntries).Any(AzureAccount.Recognises);

    /// <summary>Reads a setting; asks no service.</summary>
    /// <exception cref="RefusedException">It cannot be read; it says what is wrong.</exception>
    public static AzureStoreSettings Parse(string setting)
    {
        var parts = setting.Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length > 2)
        {
            throw AzureAccount.Malformed(
                $"expected one account, or two with a comma between; found {parts.Length} parts");
        }

        var first = AzureAccount.Parse(parts[0]);
        return new AzureStoreSettings(
            first, parts.Length == 1 ? first : AzureAccount.Parse(parts[1]));
    }

    /// <summary>The clients of the two accounts; one client when they are the same.</summary>
    internal (BlobServiceClient Base, BlobServiceClient Delta) Connect(AzureStoreOptions options)
    {
        var first = _base.Connect(options);
        return (first, TwoAccounts ? _delta.Connect(options) : first);
    }
}
