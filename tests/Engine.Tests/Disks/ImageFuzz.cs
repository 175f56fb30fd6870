using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>
/// Takes broken files of one format: each is read or refused with a typed error, in bounded memory
/// and work.
/// </summary>
/// <param name="output">Where the seed and what was found is told.</param>
/// <param name="format">What the files are named; null goes by their content.</param>
internal sealed class ImageFuzz(ITestOutputHelper output, string? format = null)
{
    private const int MostReadBytes = 256 << 10;

    /// <summary>About twice the most that was ever seen of a format, or more.</summary>
    public long MostAllocatedBytes { get; init; } = 2 << 20;

    /// <summary>What may be read of a file beyond sixteen times its length.</summary>
    public long MostReadBytesBeyond { get; init; } = 512 << 10;

    /// <summary>How much of a file's content is read: decoding costs more than tables.</summary>
    public int MostContentBytes { get; init; } = MostReadBytes;

    /// <summary>Files that lie beside the one that is taken.</summary>
    public IReadOnlyDictionary<string, byte[]>? Beside { get; init; }

    /// <summary>Takes a row of broken files, and asks for every refusal to be reached.</summary>
    public async Task RunAsync(
        int seed, int count, Func<(byte[] File, long LengthBytes)> next, string[] expected)
    {
        output.WriteLine($"seed {seed}");
        var reasons = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (worstAllocated, worstRead) = (0L, 0.0);
        for (var i = 0; i < count; i++)
        {
            var (file, lengthBytes) = next();
            var source = new MemoryByteSource(file, lengthBytes) { Beside = Beside };
            var before = GC.GetAllocatedBytesForCurrentThread();
            var reason = await TakeAsync(source, $"seed {seed}, file {i}");
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            worstAllocated = Math.Max(worstAllocated, allocated);
            worstRead = Math.Max(worstRead, (double)source.BytesRead / Math.Max(lengthBytes, 4096));
            Assert.True(allocated < MostAllocatedBytes, $"seed {seed}, file {i}: {allocated}");
            Assert.True(
                source.BytesRead < (lengthBytes * 16) + MostReadBytesBeyond,
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

    /// <summary>What becomes of a file: "sound", or the reason of its refusal.</summary>
    public async Task<string> TakeAsync(MemoryByteSource source, string what)
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

    private async Task ReadDataAsync(IDiskImage image)
    {
        var buffer = new byte[4096];
        var left = MostContentBytes;
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
