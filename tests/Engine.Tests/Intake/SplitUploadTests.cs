using System.Text;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using SnapshotFunctions.TestShared.Machines;
using Xunit;

namespace SnapshotFunctions.EngineTests.Intake;

/// <summary>Uploads of VMDKs that consist of a descriptor and extents beside it.</summary>
public sealed class SplitUploadTests
{
    private readonly TinySources _sources = new();

    [Fact]
    public async Task The_extents_that_a_descriptor_names_are_no_disks_of_their_own()
    {
        var input = await ReadAsync(
            "{}",
            ("boot.vmdk", Descriptor("boot-f001.vmdk", "boot-f002.vmdk")),
            ("boot-f001.vmdk", new byte[512]), ("boot-f002.vmdk", new byte[512]),
            ("data.raw", new byte[512]));
        Assert.Equal(
            [("boot", "vmdk"), ("data", "raw")], input!.Disks.Select(d => (d.Name, d.Format)));
    }

    [Fact]
    public async Task Names_of_extents_need_not_be_those_of_disks()
    {
        var input = await ReadAsync(
            """{"disks": ["boot"]}""",
            ("boot.vmdk", Descriptor("Boot (1)-flat.vmdk")),
            ("Boot (1)-flat.vmdk", new byte[512]));
        Assert.Equal("boot", Assert.Single(input!.Disks).Name);
    }

    [Fact]
    public async Task Without_a_note_a_split_disk_waits()
    {
        Assert.Null(await ReadAsync(
            null, ("boot.vmdk", Descriptor("boot-flat.vmdk")),
            ("boot-flat.vmdk", new byte[512])));
    }

    [Fact]
    public async Task An_extent_that_no_descriptor_names_is_a_disk_and_refused_as_such()
    {
        var e = await Assert.ThrowsAsync<RefusedException>(() => ReadAsync(
            """{"disks": ["boot"]}""",
            ("boot.vmdk", Descriptor("boot-flat.vmdk")), ("boot-flat.vmdk", new byte[512]),
            ("other-flat.vmdk", new byte[512])));
        Assert.Equal("refused-upload-note", e.Code);
        Assert.Contains("images of boot, other-flat", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_descriptor_whose_extent_is_missing_stays_an_image_that_is_refused_later()
    {
        var input = await ReadAsync(
            """{"disks": ["boot", "data"]}""",
            ("boot.vmdk", Descriptor("boot-flat.vmdk")),
            ("data.vmdk", Descriptor("data-flat.vmdk")), ("data-flat.vmdk", new byte[512]));
        Assert.Equal(["boot", "data"], input!.Disks.Select(d => d.Name));
    }

    /// <summary>A flat disk of one sector for each file.</summary>
    private static byte[] Descriptor(params string[] files) => Encoding.UTF8.GetBytes(
        VmdkBuilder.Text(
            "twoGbMaxExtentFlat",
            string.Join('\n', files.Select(f => $"RW 1 FLAT \"{f}\" 0"))));

    private Task<IngestInput?> ReadAsync(
        string? note, params (string Name, byte[] Bytes)[] files)
    {
        if (note is not null)
            files = [.. files, (Upload.NoteName, Encoding.UTF8.GetBytes(note))];
        foreach (var (name, bytes) in files) _sources.Add($"vm/s1/{name}", bytes);
        var upload = new Upload(
            "vm", "s1", "vm/s1/",
            [
                .. files.Select(f => new UploadedFile(
                    f.Name, $"vm/s1/{f.Name}", f.Bytes.Length, DateTimeOffset.UnixEpoch,
                    Identity: "memory")),
            ]);
        return UploadReader.ReadAsync(upload, _sources, CancellationToken.None);
    }
}
