using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Files;
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
}
