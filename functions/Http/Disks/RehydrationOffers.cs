using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Http.Problems;

namespace SnapshotFunctions.Http.Disks;

/// <summary>What is answered when a read meets archived objects.</summary>
internal sealed class RehydrationOffers(ApiServices services)
{
    /// <summary>The problem, with what bringing a range back would take.</summary>
    public async Task<ApiProblemException> ProblemAsync(
        DiskView view, ByteRange range, ObjectArchivedException error,
        CancellationToken cancellation)
    {
        var offer = await OfAsync(view, range, cancellation);
        return new ApiProblemException(
            ProblemKinds.Archived, error.Code,
            $"{offer.Objects} objects of {offer.Bytes} bytes that the range needs are archived, "
            + $"{offer.Underway} of them on their way back. POST to the link 'start' brings them "
            + "back, and its job ends when the range can be read.")
        {
            Rehydration = offer,
        };
    }

    private async Task<RehydrationOffer> OfAsync(
        DiskView view, ByteRange range, CancellationToken cancellation)
    {
        var engine = services.Engine;
        var archived = new ArchivedData(engine.BaseStore, engine.DeltaStore);
        var manifest = await engine.Manifests.LoadAsync(view.Machine, cancellation);
        var (objects, bytes, underway) = (0, 0L, 0);
        foreach (var shard in await ArchivedData.ShardsAsync(manifest, view, range, cancellation))
        {
            foreach (var found in await archived.FindAsync(
                manifest, view, shard, range, cancellation))
            {
                objects++;
                bytes += found.LengthBytes;
                if (found.RehydratingTo is not null) underway++;
            }
        }
        var start = $"/api/machines/{view.Machine}/versions/{view.Version}/rehydrate"
            + $"?disk={view.Disk.Name}&offset={range.Offset}&length={range.Length}";
        return new RehydrationOffer(
            objects, bytes, underway, engine.Options.Rehydration.StandardHours,
            (int)engine.Options.Rehydration.HighHoursOf(bytes), start);
    }
}
