using System.Globalization;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.Local.Store;
using SnapshotFunctions.LocalTests.Oracle;
using SnapshotFunctions.TestShared.Restoring;
using Xunit;

namespace SnapshotFunctions.LocalTests.Restoring;

/// <summary>Files as targets keep the port's contract, and what is theirs alone.</summary>
public sealed class FileRestoreTargetsTests : RestoreTargetsContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    protected override IRestoreTargets Targets { get; } = new FileRestoreTargets();

    protected override string Name => _folder["disk.raw"];

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var request = new RestoreTargetRequest(_folder["none/disk.raw"], RestoreMode.New, 1);
        var error = await Assert.ThrowsAsync<RestoreTargetException>(
            () => Targets.PrepareAsync(request).AsTask());
        Assert.Equal("target-missing", error.Code);
    }

    [Fact]
    public async Task A_folder_is_not_overwritten()
    {
        Directory.CreateDirectory(Name);
        foreach (var mode in Enum.GetValues<RestoreMode>())
        {
            var error = await Assert.ThrowsAsync<RestoreTargetException>(
                () => Targets.PrepareAsync(new RestoreTargetRequest(Name, mode, 1)).AsTask());
            Assert.Contains(error.Reason, new[] { "exists", "denied" });
        }
        Assert.False(File.Exists(Name + FileRestoreTargets.PartialSuffix));
    }

    [Fact]
    public async Task A_length_that_no_file_can_have_is_refused_and_leaves_nothing()
    {
        var request = new RestoreTargetRequest(Name, RestoreMode.New, long.MaxValue);
        var error = await Assert.ThrowsAsync<RestoreTargetException>(
            () => Targets.PrepareAsync(request).AsTask());
        Assert.Equal("full", error.Reason);
        Assert.False(File.Exists(Name + FileRestoreTargets.PartialSuffix));
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such()
    {
        // This device takes no byte, as a full disk does.
        await using var target = new FileRestoreTarget(
            File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write), "disk.raw");
        var error = await Assert.ThrowsAsync<RestoreTargetException>(
            () => target.WriteAsync(0, new byte[10]).AsTask());
        Assert.Equal("target-full", error.Code);
    }

    [Fact]
    public async Task What_is_reserved_takes_its_space_and_the_rest_none()
    {
        var request = new RestoreTargetRequest(Name, RestoreMode.New, 64 << 20);
        var identity = await Targets.PrepareAsync(request);
        await using (var target = await Targets.OpenAsync(request, identity))
            await target.ReserveAsync(
                [new ByteRange(1 << 20, 2 << 20), new ByteRange(8 << 20, 11 << 20)]);
        await Targets.CompleteAsync(request, identity);
        var blocks = await OutsideTool.RunAsync("stat", "-c", "%b", Name);
        var taken = TakesDirectWrites(Name) ? 4 << 20 : 0;
        Assert.InRange(
            long.Parse(blocks, CultureInfo.InvariantCulture) * 512, taken, taken + (1 << 20));
    }

    [Fact]
    public async Task Space_that_is_not_there_is_told_before_anything_is_written()
    {
        // A file system in memory, which compares what is asked for with its whole.
        const string folder = "/dev/shm";
        var path = Path.Combine(folder, Path.GetRandomFileName());
        var most = new DriveInfo(folder).TotalSize;
        try
        {
            await File.WriteAllBytesAsync(path, [1, 2, 3]);
            var hasDirectWrites = TakesDirectWrites(path);
            await using var target = new FileRestoreTarget(
                File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite), "disk.raw");
            var error = await Record.ExceptionAsync(
                () => target.ReserveAsync([new ByteRange(0, most + 4096)]).AsTask());
            // Kernels before 6.6 write to this file system through the cache alone.
            if (hasDirectWrites)
                Assert.Equal("target-full", Assert.IsType<RestoreTargetException>(error).Code);
            else Assert.Null(error);
            Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task What_cannot_reserve_space_is_written_nevertheless()
    {
        await using var target = new FileRestoreTarget(
            File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite), "disk.raw");
        await target.ReserveAsync([new ByteRange(0, 4096)]);
        await target.WriteAsync(0, new byte[4096]);
    }

    [Fact]
    public async Task A_file_that_is_made_again_is_another_one()
    {
        var identities = new HashSet<string>(StringComparer.Ordinal);
        var request = new RestoreTargetRequest(Name, RestoreMode.New, 10);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(identities.Add(await Targets.PrepareAsync(request)));
            // File systems date files by a clock that ticks every few milliseconds.
            await Task.Delay(20);
        }
    }

    protected override byte[]? Content(string name) =>
        File.Exists(name) ? File.ReadAllBytes(name) : null;

    protected override void Put(string name, byte[] content) => File.WriteAllBytes(name, content);

    public void Dispose() => _folder.Dispose();

    /// <summary>Whether a file can be written past the page cache; else nothing is reserved.</summary>
    private static bool TakesDirectWrites(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        using var direct = DirectWriter.TryOpen(file);
        return direct is not null;
    }
}
