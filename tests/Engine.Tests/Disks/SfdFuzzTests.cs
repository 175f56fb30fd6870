using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Broken changed-block files.</summary>
public sealed class SfdFuzzTests(ITestOutputHelper output)
{
    /// <summary>A search of the table costs objects only where nothing is optimized.</summary>
    private readonly ImageFuzz _fuzz = new(output) { MostAllocatedBytes = 6 << 20 };

    [Theory]
    [InlineData(1, 52_000)]
    [InlineData(2, 52_000)]
    public Task Broken_files_are_read_or_refused_within_bounds(int seed, int count)
    {
        var mutants = new SfdMutants(seed);
        return _fuzz.RunAsync(
            seed, count,
            () =>
            {
                var file = mutants.Next();
                return (file, file.Length);
            },
            ["checksum", "header", "sound", "table", "too-large", "truncated"]);
    }

    [Fact]
    public async Task The_files_that_are_broken_were_sound_before()
    {
        foreach (var file in new SfdMutants(1).SoundFiles)
            Assert.Equal("sound", await _fuzz.TakeAsync(new MemoryByteSource(file), "sound"));
    }
}
