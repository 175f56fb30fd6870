using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.EngineTests.Planning;

/// <summary>
/// The costs of an object's courses reckoned anew: every day of every move is tried, day by day
/// from the end back, with the list's prices written out here.
/// </summary>
internal sealed class EveryDay(
    TierCandidate candidate, IReadOnlyList<LadderRung> ladder, DateTimeOffset now,
    TieringMargins margins)
{
    private const double Gb = 1e9;
    private const double Least = 131072;

    private readonly int _days = candidate.Expiry is { } end
        ? (int)Math.Round((end - now).TotalDays) : (int)margins.Horizon.TotalDays;

    private readonly Dictionary<(StorageTier, int, int), double> _known = [];

    private double Bytes => candidate.LengthBytes;

    /// <summary>What staying where it is costs.</summary>
    public double Stay()
    {
        var here = candidate.Tier;
        return End(here, Packed(here, false), (now - candidate.Since).TotalDays + _days)
            + (Rate(here, Packed(here, false)) * _days);
    }

    /// <summary>What the cheapest course costs.</summary>
    public double Best() => From(
        candidate.Tier, 0, (int)Math.Round((now - candidate.Since).TotalDays), false);

    /// <summary>What the cheapest course costs that begins with a move on this day.</summary>
    public double MoveNow(StorageTier to) =>
        MoveOn(candidate.Tier, to, 0, (now - candidate.Since).TotalDays, false);

    /// <summary>From a day on, in a tier for so many days.</summary>
    private double From(StorageTier tier, int day, int stayed, bool isPacked)
    {
        var key = (tier, day, isPacked ? -1 - stayed : stayed);
        if (_known.TryGetValue(key, out var known)) return known;
        // To the end without a move, or with the first one on any of the days that are left.
        var best = (Rate(tier, isPacked) * (_days - day)) + End(tier, isPacked, stayed + _days - day);
        foreach (var rung in ladder)
        {
            if (rung.Tier <= tier) continue;
            var opens = (int)Math.Ceiling((candidate.Born.AddDays(rung.AfterDays) - now).TotalDays);
            for (var on = Math.Max(day, opens); on < _days; on++)
            {
                var cost = (Rate(tier, isPacked) * (on - day))
                    + MoveOn(tier, rung.Tier, on, stayed + on - day, isPacked);
                if (cost < best) best = cost;
            }
        }
        return _known[key] = best;
    }

    private double MoveOn(StorageTier from, StorageTier to, int day, double stayed, bool isPacked)
    {
        var early = Math.Max(0, Days(from) - stayed) * Rate(from, isPacked);
        var packs = !isPacked && to >= StorageTier.Cold && Bytes < margins.PackBytes;
        var share = Math.Min(1, Bytes / margins.PackBytes);
        double price;
        if (!packs)
        {
            price = Write(to) * (isPacked ? share : 1);
        }
        else
        {
            var reads = Math.Max(1, Math.Ceiling(Bytes / margins.PieceBytes));
            price = (reads * Read(from)) + (Bytes / Gb * Retrieval(from))
                + (Bytes / margins.PieceBytes * Write(StorageTier.Hot)) + (share * Write(to))
                + Read(StorageTier.Hot) + Write(StorageTier.Hot);
        }
        return early + price + From(to, day, 0, isPacked || packs);
    }

    private double End(StorageTier tier, bool isPacked, double stayed)
    {
        if (candidate.Expiry is null) return 0;
        var early = Math.Max(0, Days(tier) - stayed) * Rate(tier, isPacked);
        var share = isPacked ? Math.Min(1, Bytes / margins.PackBytes) : 1;
        return early + (tier == StorageTier.Archive
            ? (5.50 / 10000 * share) + (Bytes / Gb * 0.022)
            : Read(tier) + (Bytes / Gb * Retrieval(tier)));
    }

    private double Rate(StorageTier tier, bool isPacked)
    {
        var billed = isPacked || tier == StorageTier.Hot ? Bytes : Math.Max(Bytes, Least);
        return billed / Gb / 30 * tier switch
        {
            StorageTier.Hot => 0.0208, StorageTier.Cool => 0.0115, StorageTier.Cold => 0.0045,
            _ => 0.002,
        };
    }

    private static bool Packed(StorageTier tier, bool isPacked) => isPacked && tier >= StorageTier.Cold;

    private static double Days(StorageTier tier) => tier switch
    {
        StorageTier.Hot => 0, StorageTier.Cool => 30, StorageTier.Cold => 90, _ => 180,
    };

    private static double Write(StorageTier tier) => tier switch
    {
        StorageTier.Hot => 0.055e-4, StorageTier.Cool => 0.10e-4, StorageTier.Cold => 0.18e-4,
        _ => 0.11e-4,
    };

    private static double Read(StorageTier tier) => tier switch
    {
        StorageTier.Hot => 0.0044e-4, StorageTier.Cool => 0.01e-4, StorageTier.Cold => 0.10e-4,
        _ => 5.50e-4,
    };

    private static double Retrieval(StorageTier tier) => tier switch
    {
        StorageTier.Hot => 0, StorageTier.Cool => 0.01, StorageTier.Cold => 0.03, _ => 0.022,
    };
}
