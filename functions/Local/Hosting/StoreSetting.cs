using SnapshotFunctions.AzureStore;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>Where the store is, as a user writes it: see <see cref="Parse"/>.</summary>
internal sealed record StoreSetting
{
    /// <summary>The variable that names the store where no option does; it may hold a secret.</summary>
    public const string Variable = "SNAPSHOTS_STORE";

    private const string TwoFolders = "file:";

    private StoreSetting(string? azure, string? folder, string baseFolder, string deltaFolder) =>
        (Azure, Folder, BaseFolder, DeltaFolder) = (azure, folder, baseFolder, deltaFolder);

    /// <summary>The folder that holds both placements; null for other settings.</summary>
    public string? Folder { get; }

    private string? Azure { get; }

    private string BaseFolder { get; }

    private string DeltaFolder { get; }

    /// <summary>
    /// Reads a setting: a folder; <c>file:BASE,DELTA</c>, one folder a placement; what
    /// <see cref="AzureStoreSettings"/> reads. Null or empty is the user's own folder.
    /// </summary>
    /// <exception cref="RefusedException">It is none of these.</exception>
    public static StoreSetting Parse(string? text)
    {
        text = string.IsNullOrWhiteSpace(text) ? DefaultFolder() : text.Trim();
        if (text.StartsWith(TwoFolders, StringComparison.OrdinalIgnoreCase)) return ParseTwo(text);
        if (AzurePlacements.Recognises(text))
        {
            _ = AzureStoreSettings.Parse(text);
            return new StoreSetting(text, null, string.Empty, string.Empty);
        }
        if (text.Contains("://", StringComparison.Ordinal))
            throw Refused($"'{text[..text.IndexOf("://", StringComparison.Ordinal)]}' is no known store");
        var folder = Path.GetFullPath(text);
        return new StoreSetting(
            null, folder, Path.Combine(folder, "base"), Path.Combine(folder, "delta"));
    }

    /// <summary>Opens it.</summary>
    /// <param name="create">Whether folders that are not there are made.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="NoSuchException">It is not there and was not to be made.</exception>
    /// <exception cref="StoreException">It cannot be reached.</exception>
    public async Task<OpenStore> OpenAsync(
        bool create, TimeProvider time, CancellationToken cancellation)
    {
        if (Azure is not null)
        {
            var placements = await AzurePlacements.OpenAsync(Azure, null, cancellation);
            return new OpenStore(placements.Base, placements.Delta, null, Azure);
        }
        if (!create && !Directory.Exists(BaseFolder))
        {
            throw new NoSuchException(
                $"store in {Folder ?? BaseFolder}",
                "Take a first snapshot in with 'ingest', or name another store with --store.");
        }
        var options = new FolderStoreOptions { Clock = time };
        IObjectStore first = FolderStore.Open(BaseFolder, options);
        try
        {
            return new OpenStore(first, FolderStore.Open(DeltaFolder, options), Folder);
        }
        catch
        {
            ((IDisposable)first).Dispose();
            throw;
        }
    }

    private static StoreSetting ParseTwo(string text)
    {
        var parts = text[TwoFolders.Length..].Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || parts.Any(p => p.Length == 0))
            throw Refused($"expected file:BASE,DELTA with two folders, found '{text}'");
        var (first, second) = (Path.GetFullPath(parts[0]), Path.GetFullPath(parts[1]));
        return string.Equals(first, second, StringComparison.Ordinal)
            ? throw Refused($"both placements are '{first}'; give each its own folder")
            : new StoreSetting(null, null, first, second);
    }

    private static string DefaultFolder() => Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "snapshots");

    private static RefusedException Refused(string why) => new(
        "store-setting",
        $"The store cannot be used: {why}. Give a folder, file:BASE,DELTA, the URL of an Azure "
        + "storage account, or a connection string.");
}
