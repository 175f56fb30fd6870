using System.Buffers;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>
/// The hashes of some blocks of an image: runs of neighbours, spread evenly over what it holds, so
/// that comparing them with a base reads few of its index pages.
/// </summary>
internal sealed class ImageSample
{
    private const int FirstRuns = 48;
    private const int MostRuns = 3072;
    private const int Enough = 64;
    private const int BlocksARun = 8;

    private readonly SortedDictionary<int, SortedDictionary<int, Hash256>> _hashes = [];

    private long _allocatedBytes;
    private int _looked;

    private ImageSample(string name) => Name = name;

    /// <summary>The disk's name.</summary>
    public string Name { get; }

    /// <summary>How many blocks there are, none of them zero.</summary>
    public int Count => _hashes.Values.Sum(h => h.Count);

    /// <summary>About how many bytes of the image are not zero.</summary>
    public long DataBytes => _looked == 0 ? 0 : (long)((double)_allocatedBytes * Count / _looked);

    /// <summary>Reads a sample.</summary>
    public static async Task<ImageSample> ReadAsync(
        IDiskImage image, string name, Layout layout, CancellationToken cancellation)
    {
        var sample = new ImageSample(name);
        var whole = new ByteRange(0, image.SizeBytes);
        var data = 0L;
        await foreach (var extent in image.ExtentsAsync(whole, cancellation))
            if (extent.Kind == ExtentKind.Data) data += extent.Range.Length;
        sample._allocatedBytes = data;
        // Of an image that is mostly zeros, written out, a few runs would find nothing else.
        for (var runs = FirstRuns; runs <= MostRuns && sample.Count < Enough; runs *= 4)
        {
            var step = Math.Max((long)BlocksARun * layout.BlockBytes, data / runs);
            await sample.TakeAsync(image, step, layout, cancellation);
            if (step == (long)BlocksARun * layout.BlockBytes) break;
        }
        return sample;
    }

    private async Task TakeAsync(
        IDiskImage image, long step, Layout layout, CancellationToken cancellation)
    {
        var (seen, next) = (0L, step / 2);
        var buffer = new byte[layout.BlockBytes];
        var whole = new ByteRange(0, image.SizeBytes);
        await foreach (var extent in image.ExtentsAsync(whole, cancellation))
        {
            if (extent.Kind != ExtentKind.Data) continue;
            while (next < seen + extent.Range.Length)
            {
                await TakeRunAsync(
                    image, extent.Range.Offset + (next - seen), buffer, layout, cancellation);
                next += step;
            }
            seen += extent.Range.Length;
        }
    }

    /// <summary>How many of them a disk has at the same place.</summary>
    public async Task<int> SameAsync(DiskView view, CancellationToken cancellation)
    {
        var same = 0;
        foreach (var (shard, blocks) in _hashes)
        {
            var hashes = await BlockHashes.ReadAsync(view, shard, [.. blocks.Keys], cancellation);
            same += hashes.Zip(blocks.Values).Count(pair => pair.First == pair.Second);
        }
        return same;
    }

    private async Task TakeRunAsync(
        IDiskImage image, long offset, byte[] buffer, Layout layout, CancellationToken cancellation)
    {
        var first = offset / layout.BlockBytes;
        for (var number = first; number < first + BlocksARun; number++)
        {
            var at = number * layout.BlockBytes;
            if (at >= image.SizeBytes) return;
            var shard = (int)(at / layout.ShardBytes);
            var block = (int)(at % layout.ShardBytes / layout.BlockBytes);
            if (!_hashes.TryGetValue(shard, out var hashes)) _hashes.Add(shard, hashes = []);
            if (hashes.ContainsKey(block)) continue;
            var length = (int)Math.Min(layout.BlockBytes, image.SizeBytes - at);
            buffer.AsSpan(length).Clear();
            await image.ReadAsync(at, buffer.AsMemory(0, length), cancellation);
            var hash = Sectors.HashOf(buffer);
            _looked++;
            if (!hash.IsZero) hashes.Add(block, hash);
        }
    }
}
