using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>Finds the price table that the owner has named.</summary>
public static class PriceFile
{
    /// <summary>The setting that names a file of prices, on every host.</summary>
    public const string Variable = "SNAPSHOTS_PRICES";

    /// <summary>The table in a file; the built-in one when none is named.</summary>
    /// <exception cref="NoSuchException">There is no such file.</exception>
    /// <exception cref="RefusedException">Reason "prices": it holds no price table.</exception>
    public static async Task<PriceTable> ReadAsync(
        string? path, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(path)) return PriceTables.BuiltIn;
        try
        {
            return PriceTables.Read(await File.ReadAllBytesAsync(path, cancellation), path);
        }
        catch (Exception error) when (
            error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NoSuchException(
                $"price table '{path}'", $"Correct --prices or {Variable}.");
        }
    }
}
