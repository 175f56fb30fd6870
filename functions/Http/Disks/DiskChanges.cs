using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Disks;

/// <summary>Answers what differs between two versions of a disk.</summary>
internal sealed class DiskChanges(ApiServices services, OpenDisks disks, RehydrationOffers offers)
{
    /// <summary>
    /// How much of what differs one page looks at: a page with less than was asked for may have a
    /// next one. Bytes take longer to read than hashes.
    /// </summary>
    private const long MostSectorBytes = 256L << 20;
    private const long MostBlockBytes = 1L << 40;

    /// <summary>Ranges are handed on at this length, to be counted and joined again here.</summary>
    private const long SliceBytes = 16L << 20;

    /// <summary>GET.</summary>
    public async Task GetAsync(ApiCall call)
    {
        var since = (int)call.Number("since", 0, 1, int.MaxValue);
        if (since == 0) throw ApiCall.Refused("since", "the number of a version", "none");
        var sectors = call.Text("sectors") switch
        {
            null or "false" => false,
            "true" => true,
            var other => throw ApiCall.Refused("sectors", "true or false", other),
        };
        var after = call.Number("after", 0, 0, long.MaxValue);
        var top = (int)call.Number("top", 100, 1, services.Options.MostItems);
        var disk = call.Name("disk");
        var to = await disks.OpenAsync(call.Machine, call.Version, disk, call.Cancellation);
        var from = await disks.OpenAsync(call.Machine, since, disk, call.Cancellation);
        try
        {
            var (ranges, next) = await PageAsync(from, to, sectors, after, top, call.Cancellation);
            var layout = to.View.Layout;
            await call.WriteAsync(
                new DiskChangesDocument(
                    call.Machine, disk, to.Version.Number, since, to.SizeBytes, from.SizeBytes,
                    sectors ? layout.SectorBytes : layout.BlockBytes,
                    [.. ranges.Select(r => new ChangedRange(r.Offset, r.Length))],
                    next is { } at ? Link(to, since, sectors, at, top) : null),
                ApiJson.Default.DiskChangesDocument);
        }
        catch (ObjectArchivedException error)
        {
            throw await OfferAsync(from, to, error, call.Cancellation);
        }
    }

    private static string Link(OpenDisk to, int since, bool sectors, long after, int top) =>
        $"{to.Path}/changes?since={since}{(sectors ? "&sectors=true" : "")}&after={after}&top={top}";

    private async Task<(List<ByteRange> Ranges, long? Next)> PageAsync(
        OpenDisk from, OpenDisk to, bool sectors, long after, int top,
        CancellationToken cancellation)
    {
        var ranges = new List<ByteRange>();
        if (from.Version.Number == to.Version.Number) return (ranges, null);
        // Both versions were found just now, so that it is no older than either.
        var manifest = await services.Engine.Manifests.LoadAsync(to.View.Machine, cancellation);
        var diff = new VersionDiff(manifest, from.View, to.View, after, SliceBytes);
        var most = sectors ? MostSectorBytes : MostBlockBytes;
        // By bytes it keeps a megabyte of either version at hand.
        using var share = sectors
            ? await services.Reads.TakeAsync(2 << 20, cancellation) : null;
        var looked = 0L;
        var found = sectors ? diff.SectorsAsync(cancellation) : diff.BlocksAsync(cancellation);
        await foreach (var range in found)
        {
            var joins = ranges.Count > 0 && ranges[^1].End == range.Offset;
            if (looked >= most || (!joins && ranges.Count == top))
                return (ranges, ranges[^1].End);
            looked += range.Length;
            if (joins) ranges[^1] = ranges[^1] with { End = range.End };
            else ranges.Add(range);
        }
        return (ranges, null);
    }

    /// <summary>Either version's data may be the archived one: the offer is for the one that is.</summary>
    private async Task<Exception> OfferAsync(
        OpenDisk from, OpenDisk to, ObjectArchivedException error, CancellationToken cancellation)
    {
        foreach (var disk in new[] { to, from })
        {
            var problem = await offers.ProblemAsync(
                disk.View, new ByteRange(0, disk.SizeBytes), error, cancellation);
            if (problem.Rehydration!.Objects > 0 || disk == from) return problem;
        }
        return error;
    }
}
