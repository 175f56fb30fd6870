using SnapshotFunctions.App.Http;
using SnapshotFunctions.AzureStore.Uploads;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using Xunit;

namespace SnapshotFunctions.AppTests.Http;

/// <summary>What completing an upload on Azure asks of the blobs that are there.</summary>
public sealed class GrantedFileTests
{
    [Theory]
    [InlineData("boot.qcow2", UploadKind.Disk, "boot", "qcow2")]
    [InlineData("boot.vhdx", UploadKind.Disk, "boot", "vhdx")]
    [InlineData("vm.conf", UploadKind.File, "vm.conf", null)]
    [InlineData("nvram", UploadKind.File, "nvram", null)]
    public void A_blob_is_a_disk_by_its_ending_and_else_a_machine_file(
        string blob, UploadKind kind, string name, string? format) =>
        Assert.Equal(new GrantedFile(kind, name, format), GrantedFile.Of(blob));

    [Fact]
    public void An_upload_is_whole_when_what_is_there_is_what_was_named()
    {
        Assert.Equal(["vm.conf"], Check(["boot", "data"], null, "boot.raw", "data.qcow2", "vm.conf"));
        Assert.Equal([], Check(["boot"], [], "boot.raw"));
        Refuses("'data' was not uploaded", ["boot", "data"], null, "boot.raw");
        Refuses("'data' was uploaded and is not named", ["boot"], null, "boot.raw", "data.raw");
        Refuses("'boot' was uploaded and is not named, or twice", ["boot"], null, "boot.raw", "boot.qcow2");
        Refuses("'nvram' was not uploaded", ["boot"], ["nvram"], "boot.raw");
        Refuses("'vm.conf' was uploaded and is not named", ["boot"], [], "boot.raw", "vm.conf");
    }

    [Fact]
    public void A_receipt_is_for_the_same_closing_and_for_one_that_leaves_the_files_open()
    {
        var receipt = GrantedReceipt.Parse(
            new GrantedReceipt("job", new UploadClosing(["boot"], 3, "label", ["nvram"])).ToJson())!;
        Assert.True(receipt.IsFor(new UploadClosing(["boot"], 3, "label", ["nvram"])));
        Assert.True(receipt.IsFor(new UploadClosing(["boot"], 3, "label")));
        Assert.False(receipt.IsFor(new UploadClosing(["boot"], 4, "label")));
        Assert.False(receipt.IsFor(new UploadClosing(["boot"], 3, "label", [])));
        Assert.Null(GrantedReceipt.Parse(null));
    }

    private static IReadOnlyList<string> Check(
        string[] disks, string[]? files, params string[] blobs) => GrantedFile.CheckWhole(
        new UploadClosing(disks, Files: files),
        [.. blobs.Select(b => new UploadedBlob(b, 1, default, "etag"))]);

    private static void Refuses(
        string why, string[] disks, string[]? files, params string[] blobs)
    {
        var refused = Assert.Throws<RefusedException>(() => Check(disks, files, blobs));
        Assert.Equal("upload-incomplete", refused.Reason);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }
}
