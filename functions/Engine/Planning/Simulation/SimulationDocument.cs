#pragma warning disable MA0048 // The parts of one document are read together.
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Planning.Simulation;

/// <summary>What a policy would come to, for programs.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Policy">The policy that was tried.</param>
/// <param name="Every">From one snapshot to the next.</param>
/// <param name="Days">How many days were simulated.</param>
/// <param name="BaseBytes">Bytes of all bases.</param>
/// <param name="DeltaBytes">Bytes of the usual version's deltas, before compression.</param>
/// <param name="Kept">How many versions are kept at the end.</param>
/// <param name="MostKept">The most versions that were kept at the end of a day.</param>
/// <param name="Currency">The currency of the prices.</param>
/// <param name="PricesOf">The list of prices, its region and its day.</param>
/// <param name="Months">Each month as it ends.</param>
/// <param name="Calendar">The days of which versions are kept at the end, and how many.</param>
public sealed record SimulationDocument(
    string Machine, PolicyDocument Policy, string Every, int Days, long BaseBytes,
    long DeltaBytes, int Kept, int MostKept, string Currency, string PricesOf,
    IReadOnlyList<SimulatedMonthDocument> Months, IReadOnlyList<KeptDayDocument> Calendar)
{
    /// <summary>The document of a simulation.</summary>
    public static SimulationDocument Of(
        string machine, SimulationInput input, SimulationResult result) => new(
        machine, PolicyDocument.Of(input.Policy),
        DurationText.Write((long)input.Every.TotalSeconds), input.Days, input.BaseBytes,
        input.DeltaBytes, result.Versions.Count, result.MostVersions, input.Prices.Currency,
        $"{input.Prices.Name}, {input.Prices.Region}, {input.Prices.Date:yyyy-MM-dd}",
        [.. result.Months.Select(SimulatedMonthDocument.Of)],
        [.. result.Versions.GroupBy(v => PolicyDocument.Day(v.Time), StringComparer.Ordinal)
            .OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new KeptDayDocument(g.Key, g.Count()))]);
}

/// <summary>A month as it ends.</summary>
/// <param name="Month">Which: <c>2026-11</c>.</param>
/// <param name="Taken">Snapshots that came in it.</param>
/// <param name="Expired">Versions that went in it.</param>
/// <param name="Kept">Versions that are kept at its end.</param>
/// <param name="Places">Bytes that are stored then, by tier.</param>
/// <param name="Price">What keeping them costs a month.</param>
public sealed record SimulatedMonthDocument(
    string Month, int Taken, int Expired, int Kept, IReadOnlyList<TierBytesDocument> Places,
    decimal Price)
{
    /// <summary>The document of a month.</summary>
    public static SimulatedMonthDocument Of(SimulatedMonth month) => new(
        PolicyDocument.Day(month.Start)[..7], month.Taken, month.Expired, month.Kept,
        [.. month.Bytes.Select(b => new TierBytesDocument(
            PolicyDocument.Word(b.Key), b.Value))],
        month.Price);
}

/// <summary>Bytes in a tier.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Bytes">The bytes.</param>
public sealed record TierBytesDocument(string Tier, long Bytes);

/// <summary>A day of which versions are kept.</summary>
/// <param name="Day">The day, by UTC: <c>2026-11-23</c>.</param>
/// <param name="Versions">How many.</param>
public sealed record KeptDayDocument(string Day, int Versions);
