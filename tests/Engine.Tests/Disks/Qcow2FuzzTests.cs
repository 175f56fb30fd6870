using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Broken qcow2 files.</summary>
public sealed class Qcow2FuzzTests(ITestOutputHelper output)
{
    private readonly ImageFuzz _fuzz = new(output)
    {
        MostContentBytes = 1 << 20, MostReadBytesBeyond = 256 << 10,
    };

    [Theory]
    [InlineData(1, 52_000)]
    [InlineData(2, 52_000)]
    public Task Broken_files_are_read_or_refused_within_bounds(int seed, int count)
    {
        var mutants = new Qcow2Mutants(seed);
        return _fuzz.RunAsync(
            seed, count,
            () =>
            {
                var file = mutants.Next();
                return (file, file.Length);
            },
            [
                "compressed", "corrupt", "encrypted", "external-data", "header", "quota",
                "sound", "table", "too-large", "truncated", "unsupported",
            ]);
    }

    [Fact]
    public async Task The_files_that_are_broken_were_sound_before()
    {
        foreach (var file in new Qcow2Mutants(1).SoundFiles)
            Assert.Equal("sound", await _fuzz.TakeAsync(new MemoryByteSource(file), "sound"));
    }
}
