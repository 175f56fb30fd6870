using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>
/// Broken VHD and VHDX files: each is read or refused with a typed error, in bounded memory and
/// work.
/// </summary>
public sealed class VhdFuzzTests(ITestOutputHelper output)
{
    private const int MostReadBytes = 256 << 10;

    /// <summary>About twice the most that was ever seen: a log whose every page is looked at.</summary>
    private const long MostAllocatedBytes = 8 << 20;

    [Theory]
    [InlineData(1, 52_000)]
    [InlineData(2, 52_000)]
    public Task Broken_VHD_files_are_read_or_refused_within_bounds(int seed, int count)
    {
        var mutants = new VhdMutants(seed);
        return RunAsync(
            seed, count, "vhd",
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
        RunAsync(
            seed, count, null, new VhdxMutants(seed).Next,
            ["header", "log", "quota", "sound", "table", "too-large", "truncated",
                "unsupported"]);

    [Fact]
    public async Task The_files_that_are_broken_were_sound_before()
    {
        foreach (var file in new VhdMutants(1).SoundFiles.Concat(new VhdxMutants(1).SoundFiles))
            Assert.Equal("sound", await TakeAsync(new MemoryByteSource(file), null, "sound"));
    }

    private async Task RunAsync(
        int seed, int count, string? format, Func<(byte[] File, long LengthBytes)> next,
        string[] expected)
    {
        output.WriteLine($"seed {seed}");
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (worstAllocated, worstRead) = (0L, 0.0);
        for (var i = 0; i < count; i++)
        {
            var (file, lengthBytes) = next();
            var source = new MemoryByteSource(file, lengthBytes);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var reason = await TakeAsync(source, format, $"seed {seed}, file {i}");
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            worstAllocated = Math.Max(worstAllocated, allocated);
            worstRead = Math.Max(worstRead, (double)source.BytesRead / Math.Max(lengthBytes, 4096));
            Assert.True(allocated < MostAllocatedBytes, $"seed {seed}, file {i}: {allocated}");
            Assert.True(
                source.BytesRead < (lengthBytes * 16) + (512 << 10),
                $"seed {seed}, file {i}: {source.BytesRead} read of {lengthBytes}");
        }

        foreach (var (reason, times) in reasons)
            output.WriteLine($"{reason}: {times}");
        output.WriteLine($"at most {worstAllocated} bytes allocated, {worstRead:F1} times read");
        // A run that stops reaching a refusal no longer tests it.
        Assert.Superset(
            expected.ToHashSet(StringComparer.Ordinal),
            reasons.Keys.ToHashSet(StringComparer.Ordinal));
    }

    private static async Task<string> TakeAsync(
        MemoryByteSource source, string? format, string what)
    {
        try
        {
            await using var image = await ImageOpener.OpenAsync(source, format);
            Assert.NotNull(image.Description);
            Assert.NotNull(image.Identity.ParentIds);
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
