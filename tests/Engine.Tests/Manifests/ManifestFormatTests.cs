using System.Text;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.EngineTests.Manifests;

public sealed class ManifestFormatTests
{
    private const string Machine = ManifestFixture.Machine;

    [Fact]
    public void A_head_is_written_as_the_golden_file_has_it() => Golden(
        "manifest-head.json", ManifestCodec.Write(Head()),
        bytes => ManifestCodec.Write(ManifestCodec.ReadHead(bytes, Properties(bytes), Machine)));

    [Fact]
    public void A_page_is_written_as_the_golden_file_has_it() => Golden(
        "manifest-page.json", ManifestCodec.Write(Page()),
        bytes => ManifestCodec.Write(ManifestCodec.ReadPage(
            bytes, Machine, new VersionPageReference(1, 2, 2, Hash256.Of(bytes)))));

    [Fact]
    public async Task Every_flipped_byte_of_a_head_is_found()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        await fixture.AddVersionAsync(1);
        var name = ObjectNames.Head(Machine);
        var whole = fixture.Base.Freeze();
        for (var at = 0; at < fixture.Base.Peek(name)!.Length; at += 11)
        {
            fixture.Base.Restore(whole);
            fixture.Base.FlipByte(name, at);
            var error = await Assert.ThrowsAsync<CorruptObjectException>(
                () => fixture.Fresh().LoadAsync(Machine));
            Assert.Equal(name, error.ObjectName);
        }
    }

    [Fact]
    public async Task Every_flipped_byte_of_a_page_is_found()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        for (var i = 0; i < 8; i++) await fixture.AddVersionAsync(1);
        var page = Assert.Single((await fixture.Store.LoadAsync(Machine)).Head.Pages);
        var name = ObjectNames.VersionPage(Machine, page.Hash);
        var whole = fixture.Base.Freeze();
        for (var at = 0; at < fixture.Base.Peek(name)!.Length; at += 41)
        {
            fixture.Base.Restore(whole);
            fixture.Base.FlipByte(name, at);
            var manifest = await fixture.Fresh().LoadAsync(Machine);
            var error = await Assert.ThrowsAsync<CorruptObjectException>(
                async () => await manifest.FindVersionAsync(1));
            Assert.Equal(name, error.ObjectName);
        }
    }

    [Theory]
    [InlineData("\"formatVersion\":1", "\"formatVersion\":2")]
    [InlineData("\"machine\":\"web-1\"", "\"machine\":\"web-2\"")]
    [InlineData("\"revision\":9", "\"revision\":0")]
    [InlineData("\"revision\":9", "\"revision\":9,\"unknown\":1")]
    [InlineData("\"revision\":9", "\"revision\":9,\"revision\":9")]
    [InlineData("\"revision\":9", "\"revision\":\"9\"")]
    [InlineData("\"nextVersion\":4", "\"nextVersion\":3")]
    [InlineData("\"nextOperation\":6", "\"nextOperation\":5")]
    [InlineData("\"sectorBytes\":512", "\"sectorBytes\":500")]
    [InlineData("\"state\":\"Ready\"", "\"state\":7")]
    [InlineData("\"state\":\"Ready\"", "\"state\":\"Gone\"")]
    [InlineData("\"shards\":\"0-3\"", "\"shards\":\"3-0\"")]
    [InlineData("\"first\":1,\"last\":2", "\"first\":2,\"last\":1")]
    [InlineData("\"kind\":\"newest\"", "\"kind\":\"oldest\"")]
    [InlineData("\"level\":1", "\"level\":0")]
    [InlineData("\"epoch\":2,\"until\"", "\"epoch\":1,\"until\"")]
    [InlineData("\"versions\":", "\"version\":")]
    [InlineData("\"name\":\"os\"", "\"name\":\"../os\"")]
    [InlineData("\"count\":1,", "\"count\":2,")]
    [InlineData("\"machines/web-1/pages", "\"machines/web-2/pages")]
    [InlineData("{\"formatVersion\"", "[{\"formatVersion\"")]
    public void A_head_that_says_what_cannot_be_is_refused(string from, string to)
    {
        var text = Encoding.UTF8.GetString(ManifestCodec.Write(Head()));
        Assert.Contains(from, text, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
        var error = Assert.Throws<CorruptObjectException>(
            () => ManifestCodec.ReadHead(bytes, Properties(bytes), Machine));
        Assert.Equal(ObjectNames.Head(Machine), error.ObjectName);
    }

    private static ManifestHead Head()
    {
        var time = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
        var set = new DeltaSet("os", 3, 4, 5, ShardRanges.Range(0, 3));
        return ManifestHead.New(
            Machine, time, ManifestFixture.Layout, new MachinePolicy(BaseRuleSettings.Default, 600)) with
        {
            Revision = 9,
            Writes = ["00000000000000aa"],
            NextOperation = 6,
            NextVersion = 4,
            Epoch = 2,
            Claim = new Claim("ingest-7", 2, time.AddMinutes(1)),
            Disks = [new DiskRecord("os", 1 << 20, Table([new ShardNode(0, Hash256.Of([1]))]))],
            Operations =
            [
                ManifestStoreTests.Operation(5, "job-1") with
                {
                    Version = 4, Creates = [set], Bases = [new BaseSet("os", ShardRanges.Of(0, 2))],
                },
            ],
            Versions = [ManifestFixture.Version(3, Edges(3), "before the update")],
            Pages = [new VersionPageReference(1, 2, 2, Hash256.Of([7]))],
            Merged = [new MergedRecord("os", 1, 0, 4, ShardRanges.Of(1))],
            Retired =
            [
                new RetiredRecord
                {
                    Operation = 4,
                    SweepAfter = time,
                    Deltas = [set with { Operation = 2 }],
                    Names = [ObjectNames.VersionPage(Machine, Hash256.Of([8]))],
                },
            ],
        };
    }

    private static VersionPage Page() => new()
    {
        Machine = Machine,
        Revision = 8,
        Versions = [ManifestFixture.Version(1), ManifestFixture.Version(2, Edges(2))],
        Merged = [new MergedRecord("os", 1, 0, 4, ShardRanges.Of(1))],
    };

    private static TableReference Edges(int version) => new()
    {
        Count = 1,
        Inline = Convert.ToBase64String(
            ShardTables.Pack([ManifestFixture.Edge(1, version, reverse: version)])),
    };

    private static TableReference Table(IReadOnlyList<ShardNode> nodes) => new()
    {
        Count = nodes.Count, Inline = Convert.ToBase64String(ShardTables.Pack(nodes)),
    };

    private static ObjectProperties Properties(byte[] bytes) => new(
        ObjectNames.Head(Machine), bytes.Length, "1", StorageTier.Hot, null,
        DateTimeOffset.UnixEpoch, new Dictionary<string, string>(StringComparer.Ordinal));

    // A format that changes on purpose: delete the file, run this once, and look at the difference.
    private static void Golden(string file, byte[] written, Func<byte[], byte[]> rewrite)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder!.FullName, "tests", "data", "golden")))
            folder = folder.Parent;
        var path = Path.Combine(folder.FullName, "tests", "data", "golden", file);
        var isNew = !File.Exists(path);
        if (isNew) File.WriteAllBytes(path, written);
        Assert.False(isNew, $"'{path}' was not there and has been written; look at it.");
        var golden = File.ReadAllBytes(path);
        Assert.Equal(Encoding.UTF8.GetString(golden), Encoding.UTF8.GetString(written));
        Assert.Equal(golden, rewrite(golden));
    }
}
