using SnapshotFunctions.Local.Hosting;
using Spectre.Console;

namespace SnapshotFunctions.Local.Rendering;

/// <summary>
/// Draws a machine's chain, the newest version on top: what lies in which placement, and which
/// incremental is laid over which version.
/// </summary>
internal static class ChainPicture
{
    /// <summary>The chain as a picture.</summary>
    public static Table Draw(VersionCatalog catalog)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn(new TableColumn("version").RightAligned());
        table.AddColumn("base placement");
        table.AddColumn(new TableColumn(string.Empty).Centered());
        table.AddColumn("delta placement");
        table.AddColumn(new TableColumn("stored").RightAligned());
        table.AddColumn("label");
        foreach (var entry in catalog.Entries.Reverse())
        {
            var style = VersionTable.StyleOf(entry.Role);
            table.AddRow(
                new Text($"{entry.Record.Number}", style),
                new Text(InBase(entry), style),
                new Text(Arrow(entry.Role), style),
                new Text(InDelta(catalog, entry), style),
                new Text(Amounts.Bytes(entry.StoredBytes)),
                new Text(entry.Record.Label ?? string.Empty));
        }
        return table;
    }

    /// <summary>What the picture's signs mean.</summary>
    public const string Legend =
        "● base image, whole   ▲ forward incremental, laid over the version below   "
        + "▼ reverse incremental, laid over the version above";

    private static string Arrow(VersionRole role) => role switch
    {
        VersionRole.Base => "●",
        VersionRole.Forward => "▲",
        _ => "▼",
    };

    private static string InBase(CatalogEntry entry) => entry.Role is VersionRole.Base
        ? $"base image ({Tiers(entry, "base")})"
        : string.Empty;

    private static string InDelta(VersionCatalog catalog, CatalogEntry entry)
    {
        if (entry.Role is VersionRole.Base) return string.Empty;
        var isForward = entry.Role is VersionRole.Forward;
        var neighbour = isForward
            ? catalog.Entries.Last(e => e.Record.Number < entry.Record.Number)
            : catalog.Entries.First(e => e.Record.Number > entry.Record.Number);
        var kind = isForward ? "forward" : "reverse";
        return $"{kind} {neighbour.Record.Number} → {entry.Record.Number} ({Tiers(entry, "delta")})";
    }

    private static string Tiers(CatalogEntry entry, string placement)
    {
        var tiers = entry.Places
            .Where(p => string.Equals(p.Placement, placement, StringComparison.Ordinal))
            .Select(p => VersionTable.Word(p.Tier)).ToList();
        return tiers.Count == 0 ? "nothing differs" : string.Join(", ", tiers);
    }
}
