using System.Globalization;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Plans;

/// <summary>
/// Tells what keeping a machine costs, from its manifest and one listing of its names in each
/// placement. No object is asked for by itself.
/// </summary>
public sealed class CostReporter(StepServices engine, PriceTable prices)
{
    /// <summary>The price table.</summary>
    public PriceTable Prices => prices;

    /// <summary>Reports on a machine.</summary>
    /// <exception cref="NoSuchException">There is no such machine.</exception>
    public Task<CostReport> ReportAsync(string machine, CancellationToken cancellation = default)
    {
        var meter = new UsageMeter();
        return UsageMeter.RunAsync(meter, () => ReportAsync(machine, meter, cancellation));
    }

    private async Task<CostReport> ReportAsync(
        string machine, UsageMeter meter, CancellationToken cancellation)
    {
        var (inBase, inDelta) = (Metered(engine.BaseStore), Metered(engine.DeltaStore));
        var manifests = new ManifestStore(
            inBase, inDelta, engine.Manifests.Options, engine.Time);
        var manifest = await manifests.LoadAsync(machine, cancellation);
        var tally = new Dictionary<(int Version, StoredPart Part, StorageTier Tier), CostLine>();
        foreach (var store in new[] { inBase, inDelta })
        {
            await foreach (var item in store.ListAsync(ObjectNames.Machine(machine), cancellation))
                Add(tally, item, store.Usual);
        }
        var lines = tally.Values.OrderBy(l => l.Version).ThenBy(l => l.Part).ThenBy(l => l.Tier)
            .ToList();
        var kept = new List<VersionRecord>();
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
            if (version.State == VersionState.Ready) kept.Add(version);
        return Compared(machine, kept, lines) with { Used = meter.Read() };
    }

    private CostReport Compared(string machine, List<VersionRecord> kept, List<CostLine> lines)
    {
        var bases = lines.Where(l => l.Part == StoredPart.Base).ToList();
        var standing = bases.Count == 0 ? 0 : bases.Max(l => l.Version);
        var size = SizeOf(kept.Find(v => v.Number == standing) ?? kept.LastOrDefault());
        var (stored, month) = (bases.Sum(l => l.Bytes), bases.Sum(Month));
        // A version is stored whole as the base is: it compresses alike, and grows with its disks.
        var share = size == 0 ? 0 : kept.Sum(v => (decimal)SizeOf(v) / size);
        var first = kept.FirstOrDefault();
        var disks = first is null ? 0
            : FirstBytes(first) + kept.Skip(1).Sum(v => v.Disks.Sum(d => d.ChangedBytes));
        return new CostReport(
            machine, kept.Count, lines, lines.Sum(Month), (long)(stored * share), month * share,
            disks, disks * prices.DiskSnapshotGbMonth / PriceTable.BytesOfGb, Usage.None);
    }

    private decimal Month(CostLine line) => CostReport.MonthOf(line, prices);

    private static long SizeOf(VersionRecord? version) =>
        version?.Disks.Sum(d => d.SizeBytes) ?? 0;

    /// <summary>
    /// What the first snapshot holds: of a machine's first version what it brought, which is all;
    /// of a later one, whose forerunners have expired, no more than its disks' size is known.
    /// </summary>
    private static long FirstBytes(VersionRecord first) =>
        first.Number == 1 ? first.Disks.Sum(d => d.ChangedBytes) : SizeOf(first);

    private MeteredStore Metered(IObjectStore store) =>
        store as MeteredStore ?? new MeteredStore(store, prices, engine.Time);

    private void Add(
        Dictionary<(int Version, StoredPart Part, StorageTier Tier), CostLine> tally,
        ObjectProperties item, StorageTier usual)
    {
        var (version, part) = Classify(item);
        var tier = item.Tier == StorageTier.Default ? usual : item.Tier;
        var known = tally.GetValueOrDefault((version, part, tier))
            ?? new CostLine(version, part, tier, 0, 0, 0);
        tally[(version, part, tier)] = known with
        {
            Objects = known.Objects + 1,
            Bytes = known.Bytes + item.LengthBytes,
            BilledBytes = known.BilledBytes + prices.BilledBytes(tier, item.LengthBytes),
        };
    }

    /// <summary>The version that an object is kept for, and what it is, by its name.</summary>
    private static (int Version, StoredPart Part) Classify(ObjectProperties item)
    {
        var name = item.Name;
        if (ObjectNames.TryParseBase(name, out _))
            return (Number(item.Metadata.GetValueOrDefault("version")), StoredPart.Base);
        if (ObjectNames.TryParseDelta(name, out _, out var delta))
            return (delta.Edge, name.EndsWith(".dat", StringComparison.Ordinal)
                ? StoredPart.Delta : StoredPart.Index);
        if (name.EndsWith(".pack", StringComparison.Ordinal)) return (0, StoredPart.Pack);
        if (name.Contains("/merged-", StringComparison.Ordinal)) return (0, StoredPart.Index);
        if (ObjectNames.TryParseMachineFile(name, out var version, out _, out _))
            return (version, StoredPart.File);
        return (0, IsManifest(name) ? StoredPart.Manifest : StoredPart.Other);
    }

    private static bool IsManifest(string name)
    {
        var parts = name.Split('/');
        return parts.Length > 2 && parts[2] is "head.json" or "heads" or "pages" or "tables";
    }

    private static int Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : 0;
}
