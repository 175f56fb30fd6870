using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>
/// Broken qcow2 files: each is read or refused with a typed error, in bounded memory and work.
/// </summary>
public sealed class Qcow2FuzzTests(ITestOutputHelper output)
{
    private const int MostReadBytes = 1 << 20;

    /// <summary>About eight times the most that was ever seen.</summary>
    private const long MostAllocatedBytes = 2 << 20;

    [Theory]
    [InlineData(1, 52_000)]
    [InlineData(2, 52_000)]
    public async Task Broken_files_are_read_or_refused_within_bounds(int seed, int count)
    {
        output.WriteLine($"seed {seed}");
        var mutants = new Qcow2Mutants(seed);
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (worstAllocated, worstRead) = (0L, 0.0);
        for (var i = 0; i < count; i++)
        {
            var file = mutants.Next();
            var source = new MemoryByteSource(file);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var reason = await TakeAsync(source, $"seed {seed}, file {i}");
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            worstAllocated = Math.Max(worstAllocated, allocated);
            worstRead = Math.Max(worstRead, (double)source.BytesRead / Math.Max(file.Length, 4096));
            Assert.True(allocated < MostAllocatedBytes, $"seed {seed}, file {i}: {allocated}");
            Assert.True(
                source.BytesRead < (file.Length * 16L) + (256 << 10),
                $"seed {seed}, file {i}: {source.BytesRead} read of {file.Length}");
        }

        foreach (var (reason, times) in reasons)
            output.WriteLine($"{reason}: {times}");
        output.WriteLine($"at most {worstAllocated} bytes allocated, {worstRead:F1} times read");
        // A run that stops reaching a refusal no longer tests it.
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "compressed", "corrupt", "encrypted", "external-data", "header", "quota",
                "sound", "table", "too-large", "truncated", "unsupported",
            },
            reasons.Keys.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_files_that_are_broken_were_sound_before()
    {
        foreach (var file in new Qcow2Mutants(1).SoundFiles)
            Assert.Equal("sound", await TakeAsync(new MemoryByteSource(file), "sound"));
    }

    private static async Task<string> TakeAsync(MemoryByteSource source, string what)
    {
        try
        {
            await using var image = await ImageOpener.OpenAsync(source);
            await ImageSurvey.RunAsync(image, 8L << 30);
            await ReadDataAsync(image);
            return "sound";
        }
        catch (InvalidImageException e)
        {
            return e.Reason;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {e.GetType().Name}", e);
        }
    }

    private static async Task ReadDataAsync(IDiskImage image)
    {
        var buffer = new byte[4096];
        var left = MostReadBytes;
        await foreach (var (range, kind) in image.ExtentsAsync(new ByteRange(0, image.SizeBytes)))
        {
            for (var at = range.Offset; kind == ExtentKind.Data && at < range.End && left > 0;)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, range.End - at));
                await image.ReadAsync(at, part);
                at += part.Length;
                left -= part.Length;
            }
        }
    }
}
