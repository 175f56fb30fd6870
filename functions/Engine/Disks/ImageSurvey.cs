using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>
/// What an image holds, found by one walk over all its tables. A damaged or hostile image fails
/// here, before any work is planned on it; no content is read.
/// </summary>
/// <param name="DataBytes">Bytes of the disk that the image holds.</param>
/// <param name="ZeroBytes">Bytes that it says are zeros.</param>
/// <param name="ParentBytes">Bytes that it leaves to its parent.</param>
/// <param name="DataShards">The shards that hold any data, ascending.</param>
/// <param name="TouchedShards">
/// The shards that the image says anything of, ascending: data or, in an incremental, zeros. In a
/// full image a shard without data is all zeros, so that these are the ones with data.
/// </param>
public sealed record ImageSurvey(
    long DataBytes,
    long ZeroBytes,
    long ParentBytes,
    IReadOnlyList<ShardRange> DataShards,
    IReadOnlyList<ShardRange> TouchedShards)
{
    /// <summary>Walks all of an image once, in memory bounded by the number of shards.</summary>
    /// <exception cref="InvalidImageException">
    /// The image is damaged or asks for too much.
    /// </exception>
    public static async ValueTask<ImageSurvey> RunAsync(
        IDiskImage image, long shardBytes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardBytes);
        await image.VerifyAsync(cancellation);
        var (data, touched) = (new ShardSet(shardBytes), new ShardSet(shardBytes));
        var (dataBytes, zeroBytes, parentBytes, at) = (0L, 0L, 0L, 0L);
        var whole = new ByteRange(0, image.SizeBytes);
        await foreach (var (range, kind) in image.ExtentsAsync(whole, cancellation))
        {
            if (range.Offset != at || range.End <= at)
                throw new InvalidOperationException($"{image.Format}: extent {range} after {at}.");
            at = range.End;
            dataBytes += kind == ExtentKind.Data ? range.Length : 0;
            zeroBytes += kind == ExtentKind.Zero ? range.Length : 0;
            parentBytes += kind == ExtentKind.Parent ? range.Length : 0;
            if (kind == ExtentKind.Data)
                data.Add(range);
            if (kind == ExtentKind.Data || (kind == ExtentKind.Zero && image.HasParent))
                touched.Add(range);
        }

        return at == image.SizeBytes
            ? new ImageSurvey(dataBytes, zeroBytes, parentBytes, data.Ranges, touched.Ranges)
            : throw new InvalidOperationException($"{image.Format}: extents end at {at}.");
    }

    /// <summary>Shards, added in ascending order.</summary>
    private sealed class ShardSet(long shardBytes)
    {
        public List<ShardRange> Ranges { get; } = [];

        public void Add(ByteRange range)
        {
            var first = checked((int)(range.Offset / shardBytes));
            var end = checked((int)((range.End - 1) / shardBytes) + 1);
            if (Ranges.Count > 0 && Ranges[^1].End >= first)
                Ranges[^1] = new ShardRange(Ranges[^1].First, Math.Max(Ranges[^1].End, end));
            else
                Ranges.Add(new ShardRange(first, end));
        }
    }
}
