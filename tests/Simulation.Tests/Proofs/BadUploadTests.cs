using System.Buffers.Binary;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.SimulationTests.Properties;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Images;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Proofs;

/// <summary>
/// Uploads that cannot be taken: each is refused with its code, no data is stored for it, and the
/// next good one is taken, on a machine with versions as on one without.
/// </summary>
public sealed class BadUploadTests
{
    private const int ClusterBytes = 512;

    public static TheoryData<string, string> Images => new()
    {
        { "empty", "image-empty" },
        { "header-cut", "image-truncated" },
        { "tables-cut", "image-truncated" },
        { "data-cut", "image-truncated" },
        { "version", "image-unsupported" },
        { "cluster-bits", "image-header" },
        { "encrypted", "image-encrypted" },
        { "too-large", "image-too-large" },
        { "l1-beyond", "image-truncated" },
        { "l2-reserved", "image-table" },
        { "l2-beyond", "image-truncated" },
        { "shared-clusters", "image-quota" },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public async Task A_bad_image_is_refused_and_the_next_good_one_is_taken(
        string kind, string code)
    {
        foreach (var versions in new[] { 0, 2 })
        {
            var rig = await NewAsync(versions);
            var before = Data(rig);
            var error = await Assert.ThrowsAsync<StepFailedException>(
                () => rig.IngestAsync(("disk0", Bad(kind))));
            Assert.Equal(code, error.Code);
            await SettledAsync(rig, before);
        }
    }

    [Theory]
    [InlineData("missing-disk", "refused-disks")]
    [InlineData("one-disk-twice", "refused-disks")]
    [InlineData("unknown-parent", "refused-parent-missing")]
    [InlineData("parentless", "refused-parent-missing")]
    [InlineData("disk-name", "refused-name")]
    [InlineData("no-disks", "refused-disks")]
    [InlineData("long-label", "refused-label")]
    [InlineData("gone", "image-changed")]
    [InlineData("other-format", "image-other-format")]
    public async Task A_bad_snapshot_is_refused_and_the_next_good_one_is_taken(
        string kind, string code)
    {
        var rig = await NewAsync(kind is "parentless" ? 0 : 2);
        var before = Data(rig);
        var error = await Assert.ThrowsAsync<StepFailedException>(
            () => rig.Life.RunAsync(
                FlowNames.Ingest, BadSnapshot(rig, kind), rig.NextJob(), Rig.Machine));
        Assert.Equal(code, error.Code);
        await SettledAsync(rig, before);
    }

    [Fact]
    public async Task An_image_that_breaks_off_while_it_is_read_leaves_no_version()
    {
        foreach (var versions in new[] { 0, 2 })
        {
            var rig = await NewAsync(versions);
            var before = Data(rig);
            // The survey reads no content: packed clusters that do not unpack show only later.
            var error = await Assert.ThrowsAsync<StepFailedException>(
                () => rig.IngestAsync(("disk0", Bad("unpacks-to-nothing"))));
            Assert.Equal("image-compressed", error.Code);
            // What other shards had stored is unlisted at once, and swept once grace is over.
            if (versions > 0)
            {
                await rig.CheckAsync("after the bad one");
                await Invariants.CheckNothingLeaksAsync(rig);
                before.RemoveAll(o => rig.Delta.Peek(o.Name) is null && rig.Base.Peek(o.Name) is null);
            }
            await SettledAsync(rig, before);
        }
    }

    private static async Task<Rig> NewAsync(int versions)
    {
        var rig = new Rig();
        for (var version = 1; version <= versions; version++)
            await rig.IngestAsync(("disk0", Content(version)));
        return rig;
    }

    private static byte[] Content(int seed)
    {
        var content = new byte[40_000];
        new Random(seed).NextBytes(content.AsSpan(0, 20_000));
        return content;
    }

    /// <summary>Nothing is under way, no data was stored, and work goes on.</summary>
    private static async Task SettledAsync(Rig rig, List<ObjectFingerprint> before)
    {
        Assert.Equal(before, Data(rig));
        if (rig.Model.Count > 0)
        {
            await rig.CheckAsync("after the bad one");
            await Invariants.CheckAsync(rig);
        }
        await rig.IngestAsync(("disk0", Content(99)));
        await rig.CheckAsync("after the next good one");
        await Invariants.CheckAsync(rig);
    }

    /// <summary>
    /// What is stored of disks; an abandoned first version may leave an empty base as its fence.
    /// </summary>
    private static List<ObjectFingerprint> Data(Rig rig) =>
    [
        .. rig.Base.Fingerprint("machines/vm/disks/").Concat(rig.Delta.Fingerprint("machines/vm/disks/"))
            .Where(o => !o.Metadata.Contains("version=0\n", StringComparison.Ordinal)
                && !o.Metadata.EndsWith("version=0", StringComparison.Ordinal)),
    ];

    private static IngestInput BadSnapshot(Rig rig, string kind)
    {
        var overlay = new Qcow2Builder { ClusterBits = 9, SizeBytes = 40_000, Backing = "b" }.Build();
        rig.Sources.Add("raw", Content(5));
        rig.Sources.Add("overlay", overlay);
        IngestDisk raw = new("raw", "disk0");
        return kind switch
        {
            "missing-disk" => new IngestInput(Rig.Machine, [raw with { Name = "other" }]),
            "one-disk-twice" => new IngestInput(Rig.Machine, [raw, raw]),
            "unknown-parent" => new IngestInput(Rig.Machine, [new("overlay", "disk0")], 77),
            "parentless" => new IngestInput(Rig.Machine, [new("overlay", "disk0")]),
            "disk-name" => new IngestInput(Rig.Machine, [raw with { Name = "No Name" }]),
            "no-disks" => new IngestInput(Rig.Machine, []),
            "long-label" => new IngestInput(Rig.Machine, [raw], Label: new string('x', 201)),
            "gone" => new IngestInput(Rig.Machine, [new("never-uploaded", "disk0")]),
            "other-format" => new IngestInput(Rig.Machine, [raw with { Format = "qcow2" }]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private static byte[] Bad(string kind)
    {
        var builder = new Qcow2Builder { ClusterBits = 9, SizeBytes = 40_000 };
        for (var cluster = 0; cluster < 70; cluster += 7) builder.Data(cluster, Content(cluster)[..512]);
        if (kind is "l2-reserved") builder.Entry(3, 1UL << 57);
        if (kind is "l2-beyond") builder.Entry(3, 1UL << 40);
        if (kind is "unpacks-to-nothing")
            builder.Compressed(3, new byte[512]);
        if (kind is "shared-clusters")
            builder = Sharing();
        var file = builder.Build();
        switch (kind)
        {
            case "empty": return [];
            case "header-cut": return file[..60];
            case "tables-cut": return file[..(ClusterBytes * 3)];
            case "data-cut": return file[..^600];
            case "version": file[7] = 9; break;
            case "cluster-bits": file[23] = 40; break;
            case "encrypted": file[35] = 1; break;
            case "too-large": BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(24), 1UL << 62); break;
            case "l1-beyond": BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(40), 1UL << 40); break;
            case "unpacks-to-nothing": file.AsSpan(file.Length - 6).Fill(0xFF); break;
            default: break;
        }
        return file;
    }

    /// <summary>A small file whose clusters all stand for one: it claims to hold 128 MiB.</summary>
    private static Qcow2Builder Sharing()
    {
        var builder = new Qcow2Builder { ClusterBits = 16, SizeBytes = 128 << 20 };
        for (var cluster = 0; cluster < 2048; cluster++) builder.Entry(cluster, 0x30000);
        return builder;
    }
}
