using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Broken VHD and VHDX files.</summary>
public sealed class VhdFuzzTests(ITestOutputHelper output)
{
    /// <summary>About twice the most that was ever seen: a log whose every page is looked at.</summary>
    private const long MostAllocatedBytes = 8 << 20;

    [Theory]
    [InlineData(1, 52_000)]
    [InlineData(2, 52_000)]
    public Task Broken_VHD_files_are_read_or_refused_within_bounds(int seed, int count)
    {
        var mutants = new VhdMutants(seed);
        return new ImageFuzz(output, "vhd").RunAsync(
            seed, count,
            () =>
            {
                var file = mutants.Next();
                return (file, file.Length);
            },
            ["header", "other-format", "quota", "sound", "stale-footer", "table", "too-large",
                "truncated", "unsupported"]);
    }

    [Theory]
    [InlineData(1, 52_000)]
    [InlineData(2, 52_000)]
    public Task Broken_VHDX_files_are_read_or_refused_within_bounds(int seed, int count) =>
        new ImageFuzz(output) { MostAllocatedBytes = MostAllocatedBytes }.RunAsync(
            seed, count, new VhdxMutants(seed).Next,
            ["header", "log", "quota", "sound", "table", "too-large", "truncated",
                "unsupported"]);

    [Fact]
    public async Task The_files_that_are_broken_were_sound_before()
    {
        foreach (var file in new VhdMutants(1).SoundFiles.Concat(new VhdxMutants(1).SoundFiles))
            Assert.Equal(
                "sound",
                await new ImageFuzz(output).TakeAsync(new MemoryByteSource(file), "sound"));
    }
}
