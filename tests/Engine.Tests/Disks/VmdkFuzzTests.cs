using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Broken VMDK files.</summary>
public sealed class VmdkFuzzTests(ITestOutputHelper output)
{
    /// <summary>About twice the most that was ever seen: a buffer for a grain of 2 MiB.</summary>
    private const long MostAllocatedBytes = 5 << 20;

    [Theory]
    [InlineData(1, 52_000)]
    [InlineData(2, 52_000)]
    public Task Broken_files_are_read_or_refused_within_bounds(int seed, int count)
    {
        var mutants = new VmdkMutants(seed);
        return new ImageFuzz(output)
        {
            Beside = mutants.Beside, MostAllocatedBytes = MostAllocatedBytes,
        }.RunAsync(
            seed, count,
            () =>
            {
                var file = mutants.Next();
                return (file, file.Length);
            },
            [
                "compressed", "extent-alone", "extent-missing", "extent-path", "header", "quota",
                "sound", "table", "too-large", "truncated", "unsupported",
            ]);
    }

    [Fact]
    public async Task The_files_that_are_broken_were_sound_before()
    {
        var mutants = new VmdkMutants(1);
        foreach (var file in mutants.SoundFiles)
        {
            var source = new MemoryByteSource(file) { Beside = mutants.Beside };
            Assert.Equal("sound", await new ImageFuzz(output).TakeAsync(source, "sound"));
        }
    }
}
