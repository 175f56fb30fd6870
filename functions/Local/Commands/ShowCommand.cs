using System.CommandLine;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>show</c>: tells all about one version.</summary>
internal static class ShowCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var version = Inputs.Version("version");
        return shell.Bind(
            new Command("show", "Show one version: its disks, shards, deltas and machine files.")
            {
                machine, version,
            },
            (parse, session, cancellation) => RunAsync(
                session, parse.GetValue(machine)!, Inputs.VersionOf(parse.GetValue(version)),
                cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string machine, int? version, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        var number = version ?? manifest.NewestNumber;
        var catalog = await VersionCatalog.LoadAsync(engine, manifest, cancellation);
        var entry = catalog.Entries.FirstOrDefault(e => e.Record.Number == number)
            ?? throw new NoSuchException(
                $"version {number} of '{machine}'",
                $"The newest is {manifest.NewestNumber}; 'list {machine}' shows all.");
        var disks = new List<DiskDocument>();
        foreach (var disk in entry.Record.Disks)
            disks.Add(await DocumentOfAsync(manifest, catalog, entry, disk, cancellation));
        session.Write(
            new DetailDocument(
                machine, VersionTable.Document(entry), manifest.Head.Hold, disks, FilesOf(entry)),
            DocumentJson.Default.DetailDocument,
            text =>
            {
                Draw(text, machine, entry, disks);
                if (manifest.Head.Hold is { } hold) text.WriteLine(VersionTable.Words(hold));
            });
        return ExitCodes.Ok;
    }

    private static List<MachineFileDocument> FilesOf(CatalogEntry entry) =>
        [.. (entry.Record.Files ?? []).Select(f => FilesCommand.Document(f))];

    private static async Task<DiskDocument> DocumentOfAsync(
        Manifest manifest, VersionCatalog catalog, CatalogEntry entry, VersionDisk disk,
        CancellationToken cancellation)
    {
        var shards = new List<ShardDocument>();
        foreach (var edge in await manifest.EdgesAsync(disk, cancellation))
        {
            var key = VersionCatalog.KeyOf(entry.Record.Number, edge);
            var data = key is { } delta ? catalog.FindData(disk.Name, edge.Shard, delta) : null;
            shards.Add(new ShardDocument(
                edge.Shard, edge.Previous, edge.Node.ToString(),
                key is null ? null : key.Value.IsForward ? "forward" : "reverse",
                key?.Operation ?? 0, data?.LengthBytes ?? 0,
                data is null ? null : VersionTable.Word(data.Tier)));
        }
        return new DiskDocument(
            disk.Name, disk.SizeBytes, disk.Format, disk.Source, disk.ParentHint,
            disk.ChangedBytes, disk.Node.ToString(), shards);
    }

    private static void Draw(
        IAnsiConsole text, string machine, CatalogEntry entry, List<DiskDocument> disks)
    {
        var record = entry.Record;
        text.WriteLine($"{machine} version {record.Number}");
        Line("time (UTC)", Amounts.Time(record.Time));
        if (record.Label is not null) Line("label", record.Label);
        if (record.Snapshot is not null) Line("snapshot", record.Snapshot);
        Line("laid on", record.Parent is { } parent ? $"version {parent}" : "nothing: full");
        Line("state", VersionTable.Word(record.State));
        Line("kept as", $"{VersionTable.Word(entry.Role)}, {Amounts.Bytes(entry.StoredBytes)} in "
            + VersionTable.Where(entry));
        Line("fingerprint", record.Fingerprint.ToString());
        foreach (var pin in entry.Pins)
            Line("pinned", $"by {pin.Owner} since {Amounts.Time(pin.Time)}"
                + (pin.Reason is null ? string.Empty : $": {pin.Reason}"));
        Line("expires", entry.Expires is { } expiry
            ? $"about {Amounts.Time(expiry)}" : "not by the policy as it stands");
        foreach (var disk in disks)
        {
            text.WriteLine($"disk {disk.Disk}");
            Line("size", $"{disk.SizeBytes} bytes");
            Line("from", $"{disk.Source ?? "-"} ({disk.Format})");
            if (disk.ParentHint is not null) Line("names parent", disk.ParentHint);
            Line("changed", $"{disk.ChangedBytes} bytes in {disk.Shards.Count} shards");
            Line("node", disk.Node);
            if (disk.Shards.Count > 0) text.Write(ShardTable(disk));
        }
        foreach (var file in record.Files ?? [])
        {
            text.WriteLine($"file {file.Name}");
            Line("size", $"{file.LengthBytes} bytes");
            Line("sha256", file.Hash.ToString());
        }

        void Line(string name, string value) => text.WriteLine($"  {name,-12} {value}");
    }

    private static Table ShardTable(DiskDocument disk)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("shard").RightAligned());
        table.AddColumn("against");
        table.AddColumn("delta");
        table.AddColumn(new TableColumn("stored").RightAligned());
        table.AddColumn("tier");
        table.AddColumn("node");
        foreach (var shard in disk.Shards)
        {
            table.AddRow(
                new Text($"{shard.Shard}"),
                new Text(shard.Previous == 0 ? "-" : $"version {shard.Previous}"),
                new Text(shard.Direction is null ? "-" : $"{shard.Direction} ({shard.Operation})"),
                new Text(Amounts.Bytes(shard.StoredBytes)),
                new Text(shard.Tier ?? "-"),
                new Text(Amounts.Short(shard.Node)));
        }
        return table;
    }
}
