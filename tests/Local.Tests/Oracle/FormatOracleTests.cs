using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.TestShared.Sources;
using Xunit;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>
/// Compares the product's reading of the golden files with that of a program written from
/// docs/format.md alone. A machine without python3 leaves them out by their trait.
/// </summary>
[Trait("Category", "Oracle")]
public sealed class FormatOracleTests
{
    [Theory]
    [InlineData("footer")]
    [InlineData("shared-footer")]
    public async Task A_base_footer_reads_as_the_document_says(string kind)
    {
        var footer = BaseFooter.Decode(Golden(kind), kind);
        var expected = new JsonObject
        {
            ["header"] = Header(footer.Header),
            ["version"] = footer.Version,
            ["previous"] = footer.Previous,
            ["diskBytes"] = footer.DiskBytes,
            ["label"] = footer.Card.Label,
            ["node"] = footer.Node.ToString(),
            ["segments"] = Rows(footer.Segments.Select(s =>
                Row(s.Number, s.LengthBytes, s.LiveBytes, s.Hash.ToString()))),
            ["pages"] = Rows(footer.Pages.Select(p =>
                Row(p.Number, p.LengthBytes, p.Hash.ToString(), p.Node.ToString()))),
        };
        if (footer.Shared is { } shared)
            expected["shared"] = Row(shared.LengthBytes, shared.Hash.ToString());
        Assert.Equal(Text(expected), await PythonAsync(kind));
    }

    [Fact]
    public async Task A_table_of_shared_frames_reads_as_the_document_says()
    {
        // The layout of the golden files: 32 blocks a shard.
        var table = SharedTable.Decode(
            Golden("shared"), BaseFooter.Decode(Golden("footer"), "footer").Header.Layout, "shared");
        Assert.Equal(
            Text(Rows(table.Select(b => Row(b.Block, b.Segment, b.Offset)))),
            await PythonAsync("shared"));
    }

    [Fact]
    public async Task A_delta_index_reads_as_the_document_says()
    {
        var delta = DeltaIndex.Decode(Golden("delta"), "delta");
        var expected = new JsonObject
        {
            ["header"] = Header(delta.Header),
            ["from"] = delta.From,
            ["to"] = delta.To,
            ["fromDiskBytes"] = delta.FromDiskBytes,
            ["toDiskBytes"] = delta.ToDiskBytes,
            ["label"] = delta.Card.Label,
            ["input"] = delta.Input.ToString(),
            ["fromNode"] = delta.FromNode.ToString(),
            ["toNode"] = delta.ToNode.ToString(),
            ["dataBytes"] = delta.DataBytes,
            ["dataHash"] = delta.DataHash.ToString(),
            ["pack"] = delta.Pack,
            ["packOffset"] = delta.PackOffset,
            ["frames"] = Rows(delta.Frames.Select(f =>
                Row(f.Offset, f.StoredBytes, (int)f.Sectors, (int)f.Codec))),
            ["runs"] = Rows(delta.ZeroRuns.Select(r => Row(r.First, r.Count))),
            ["entries"] = Rows(delta.Entries.Select(e => Row(
                e.Block, (int)e.Changed, (int)e.Zero, e.Frame, (int)e.Position, e.Hash.ToString()))),
            ["pages"] = Rows(delta.Pages.Select(p => Row(p.Page, p.Node.ToString()))),
        };
        Assert.Equal(Text(expected), await PythonAsync("delta"));
    }

    [Fact]
    public async Task A_merged_index_reads_as_the_document_says()
    {
        var merged = MergedIndex.Decode(Golden("merged"), "merged");
        var expected = new JsonObject
        {
            ["header"] = Header(merged.Header),
            ["level"] = merged.Level,
            ["group"] = merged.Group,
            ["deltas"] = Rows(merged.Deltas.Select(d => Row(
                d.Key.From, d.Key.To, d.Key.Operation, d.Pack, d.Offset))),
            ["blocks"] = Rows(merged.Blocks.Select(b =>
                Row(b.Block, b.Sources, b.Hash.ToString()))),
            ["sources"] = Rows(merged.Sources.Select(s => Row(
                (int)s.Delta, (int)s.Take, (int)s.Zero, (int)s.Stored, (int)s.Position,
                s.Frame.Offset, s.Frame.StoredBytes, (int)s.Frame.Sectors, (int)s.Frame.Codec))),
        };
        Assert.Equal(Text(expected), await PythonAsync("merged"));
    }

    [Fact]
    public async Task A_packs_header_reads_as_the_document_says()
    {
        var pack = PackHeader.Decode(Golden("pack"), "pack");
        var expected = new JsonObject
        {
            ["operation"] = pack.Operation,
            ["number"] = pack.Number,
            ["machine"] = pack.Machine,
            ["members"] = Rows(pack.Members.Select(m => Row(
                m.Disk, m.Shard, m.From, m.To, m.Offset, m.DataBytes, m.IndexBytes))),
        };
        Assert.Equal(Text(expected), await PythonAsync("pack"));
    }

    private static JsonObject Header(ObjectHeader header) => new()
    {
        ["layout"] = Row(
            header.Layout.SectorBytes, header.Layout.BlockBytes, header.Layout.BlocksPerPage,
            header.Layout.SegmentBytes, header.Layout.ShardBytes),
        ["operation"] = header.Operation,
        ["shard"] = Row(header.Shard.Machine, header.Shard.Disk, header.Shard.Shard),
    };

    private static JsonArray Row(params object[] cells) =>
        [.. cells.Select(c => JsonSerializer.SerializeToNode(c, c.GetType()))];

    private static JsonArray Rows(IEnumerable<JsonArray> rows) => [.. rows.Cast<JsonNode>()];

    private static string Text(JsonNode node) => node.ToJsonString();

    private static async Task<string> PythonAsync(string kind)
    {
        var start = new ProcessStartInfo("python3")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(Data, "check_format.py"));
        start.ArgumentList.Add(kind);
        start.ArgumentList.Add(Path.Combine(Data, "golden", kind + ".hex"));
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return Text(JsonNode.Parse(output)!);
    }

    private static byte[] Golden(string name) => Convert.FromHexString(
        File.ReadAllText(Path.Combine(Data, "golden", name + ".hex"))
            .ReplaceLineEndings(string.Empty));

    private static string Data { get; } = Path.Combine(Repository.Root, "tests", "data");
}
