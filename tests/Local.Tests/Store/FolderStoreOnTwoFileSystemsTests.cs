using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;
using Xunit;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>Base and delta placements on two file systems, where no rename leads across.</summary>
public sealed class FolderStoreOnTwoFileSystemsTests
{
    [Fact]
    public async Task The_two_placements_of_the_tests_lie_on_two_file_systems()
    {
        var probe = TestFolders.Make(TestFolders.Disk);
        var other = TestFolders.Make(TestFolders.Memory);
        try
        {
            // The kernel itself tells: a hard link across file systems is refused.
            await File.WriteAllTextAsync(Path.Combine(probe, "a"), "a");
            using var link = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo(
                    "ln", [Path.Combine(probe, "a"), Path.Combine(other, "a")])
                {
                    RedirectStandardError = true,
                    UseShellExecute = false,
                })!;
            await link.WaitForExitAsync();
            Assert.True(
                link.ExitCode != 0,
                $"{TestFolders.Disk} and {TestFolders.Memory} are one file system; "
                + "set TMPDIR to a folder on another one.");
        }
        finally
        {
            Directory.Delete(probe, recursive: true);
            Directory.Delete(other, recursive: true);
        }
    }

    [Fact]
    public async Task An_object_goes_from_one_placement_to_the_other()
    {
        var one = TestFolders.Make(TestFolders.Disk);
        var other = TestFolders.Make(TestFolders.Memory);
        try
        {
            using var from = FolderStore.Open(one);
            using var to = FolderStore.Open(other);
            var content = new byte[3 << 20];
            new Random(5).NextBytes(content);
            await from.PutAsync("m/base", content, WriteOptions.Create());
            var (read, _) = await from.ReadWholeAsync("m/base", content.Length);
            await to.PutAsync("m/delta", read, WriteOptions.Create(StorageTier.Cold));

            Assert.Equal(content, (await to.ReadWholeAsync("m/delta", content.Length)).Content);
            Assert.Null(await from.FindAsync("m/delta"));
        }
        finally
        {
            Directory.Delete(one, recursive: true);
            Directory.Delete(other, recursive: true);
        }
    }
}
