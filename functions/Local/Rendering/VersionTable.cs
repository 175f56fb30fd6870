using SnapshotFunctions.Local.Hosting;
using Spectre.Console;

namespace SnapshotFunctions.Local.Rendering;

/// <summary>Shows versions as rows and as documents.</summary>
internal static class VersionTable
{
    /// <summary>A version for JSON.</summary>
    public static VersionDocument Document(CatalogEntry entry) => new(
        entry.Record.Number, entry.Record.Time, entry.Record.Label,
        Word(entry.Record.State), Word(entry.Role), entry.Record.Parent, entry.Record.Snapshot,
        entry.SizeBytes, entry.ChangedBytes, entry.StoredBytes,
        entry.Record.Fingerprint.ToString(),
        [.. entry.Places.Select(p => new PlaceDocument(
            p.Placement, Word(p.Tier), p.Objects, p.Bytes))],
        [.. entry.Pins.Select(p => new PinDocument(p.Owner, p.Reason, p.Time))], entry.Expires);

    /// <summary>The versions as a table.</summary>
    public static Table Draw(VersionCatalog catalog)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("version").RightAligned());
        table.AddColumn("time (UTC)");
        table.AddColumn("label");
        table.AddColumn("kept as");
        table.AddColumn(new TableColumn("size").RightAligned());
        table.AddColumn(new TableColumn("changed").RightAligned());
        table.AddColumn(new TableColumn("stored").RightAligned());
        table.AddColumn("where");
        table.AddColumn("until");
        table.AddColumn("fingerprint");
        foreach (var entry in catalog.Entries)
        {
            var record = entry.Record;
            var state = record.State is Engine.Manifests.VersionState.Ready
                ? string.Empty : $" ({Word(record.State)})";
            table.AddRow(
                new Text($"{record.Number}"),
                new Text(Amounts.Time(record.Time)),
                new Text(record.Label ?? record.Snapshot ?? string.Empty),
                new Text($"{Word(entry.Role)}{state}", StyleOf(entry.Role)),
                new Text(Amounts.Bytes(entry.SizeBytes)),
                new Text(Amounts.Bytes(entry.ChangedBytes)),
                new Text(Amounts.Bytes(entry.StoredBytes)),
                new Text(Where(entry)),
                new Text(Until(entry)),
                new Text(Amounts.Short(record.Fingerprint.ToString())));
        }
        return table;
    }

    /// <summary>A hold in words.</summary>
    public static string Words(Engine.Policies.HoldRecord hold) =>
        $"Held since {Amounts.Time(hold.Time)}: nothing expires."
        + (hold.Reason is null ? string.Empty : $" {hold.Reason}");

    /// <summary>How long a version is expected to stay.</summary>
    public static string Until(CatalogEntry entry) => entry switch
    {
        { Pins.Count: > 0 } => "pinned",
        { Expires: { } time } => time.UtcDateTime.ToString(
            "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        _ => "-",
    };

    /// <summary>The color of a role.</summary>
    public static Style StyleOf(VersionRole role) => role switch
    {
        VersionRole.Base => new Style(Color.Green, decoration: Decoration.Bold),
        VersionRole.Reverse => new Style(Color.Blue),
        _ => new Style(Color.Yellow),
    };

    /// <summary>The placements and tiers that hold a version.</summary>
    public static string Where(CatalogEntry entry)
    {
        var places = entry.Places.Select(p => $"{p.Placement}/{Word(p.Tier)}").ToList();
        return places.Count == 0 ? "-" : string.Join(", ", places);
    }

    /// <summary>A value of an enumeration as a word.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
