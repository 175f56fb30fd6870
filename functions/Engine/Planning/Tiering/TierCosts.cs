using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Tiering;

/// <summary>What it costs to keep an object in a tier, to move it, and to read it at its end.</summary>
public sealed class TierCosts(PriceTable prices, TieringMargins margins)
{
    private const decimal Many = 10_000m;

    /// <summary>The bytes an object is billed by; in a pack the minimum is the pack's matter.</summary>
    public long Billed(StorageTier tier, long lengthBytes, bool isPacked) =>
        isPacked ? lengthBytes : prices.BilledBytes(tier, lengthBytes);

    /// <summary>Keeping it there for a time.</summary>
    public decimal Store(StorageTier tier, long lengthBytes, bool isPacked, TimeSpan time) =>
        prices.Month(tier, Billed(tier, lengthBytes, isPacked)) * Days(time) / PriceTable.DaysOfMonth;

    /// <summary>Leaving a tier before its minimum stay is over.</summary>
    public decimal Early(StorageTier tier, long lengthBytes, bool isPacked, TimeSpan stayed)
    {
        var left = TimeSpan.FromDays(prices.Of(tier).MinimumDays) - stayed;
        return left <= TimeSpan.Zero ? 0 : Store(tier, lengthBytes, isPacked, left);
    }

    /// <summary>Moving it to a colder tier as it is; a pack's share of that for a member.</summary>
    public decimal Move(StorageTier to, long lengthBytes, bool isPacked) =>
        prices.Of(to).Write10k / Many * Share(lengthBytes, isPacked);

    /// <summary>Copying it into a pack: read, staged, committed with others, a new index.</summary>
    public decimal Pack(StorageTier from, StorageTier to, long lengthBytes)
    {
        var pieces = Math.Max(1, (lengthBytes + margins.PieceBytes - 1) / margins.PieceBytes);
        var hot = prices.Of(StorageTier.Hot);
        return (pieces * prices.Of(from).Read10k / Many)
            + (lengthBytes * prices.Of(from).RetrievalGb / PriceTable.BytesOfGb)
            + (lengthBytes * hot.Write10k / Many / margins.PieceBytes)
            + (prices.Of(to).Write10k / Many * Share(lengthBytes, isPacked: true))
            // Its index is read and written anew.
            + ((hot.Read10k + hot.Write10k) / Many);
    }

    /// <summary>Reading it when what replaces it is composed; nothing where it never goes.</summary>
    public decimal End(StorageTier tier, long lengthBytes, bool isPacked, bool goes)
    {
        if (!goes) return 0;
        var share = Share(lengthBytes, isPacked);
        if (tier == StorageTier.Archive)
            return (prices.Standard.Read10k / Many * share)
                + (lengthBytes * prices.Standard.Gb / PriceTable.BytesOfGb);
        return (prices.Of(tier).Read10k / Many)
            + (lengthBytes * prices.Of(tier).RetrievalGb / PriceTable.BytesOfGb);
    }

    /// <summary>The minimum stay of a tier.</summary>
    public TimeSpan MinimumStay(StorageTier tier) => TimeSpan.FromDays(prices.Of(tier).MinimumDays);

    private decimal Share(long lengthBytes, bool isPacked) =>
        isPacked ? Math.Min(1m, (decimal)lengthBytes / margins.PackBytes) : 1m;

    private static decimal Days(TimeSpan time) => (decimal)time.TotalDays;
}
