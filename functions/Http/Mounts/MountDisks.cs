using System.Buffers;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Http.Disks;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Mounts;

/// <summary>Reads and writes the disks of mounts.</summary>
internal sealed class MountDisks(
    ApiServices services, MountCalls mounts, OpenDisks disks, RehydrationOffers offers)
{
    private MountRecords Records => services.Engine.Mounts.Records;

    /// <summary>The disk that a call names, to be read.</summary>
    public async Task<OpenDisk> OpenAsync(ApiCall call)
    {
        var mount = await mounts.LoadAsync(call);
        if (!mount.IsReadable)
        {
            if (mount.State is MountState.Opening) MountWriter.RequireOpen(mount);
            throw MountRecords.NoMount(mount.Machine, mount.Id);
        }
        var (chunks, disk) = await OpenAsync(call, mount);
        return disk with
        {
            Freshness = DiskFreshness.Changing,
            Mount = (mount.Id, wanted => new MountPieces(
                new MountedView(Records, chunks, disk.View, wanted))),
        };
    }

    /// <summary>PUT: writes a range, durably before it is answered.</summary>
    public async Task PutAsync(ApiCall call)
    {
        var mount = await mounts.LoadAsync(call);
        MountWriter.RequireOpen(mount);
        var (chunks, disk) = await OpenAsync(call, mount);
        // Of what is written no state is told, so that none can be asked for; that there is one can.
        if (Conditions.Weigh(
            call.Request.Headers, tag: null, modified: null, services.Engine.Time.GetUtcNow())
            is not ConditionVerdict.Proceed)
            throw new ApiProblemException(
                ProblemKinds.PreconditionFailed, "precondition-failed",
                "A disk that is being written has no ETag, and it is there.");
        var range = MountBody.RangeOf(
            call.Request, chunks.Disk.SizeBytes, services.Options.MostMountWriteBytes);
        using var share = await services.Reads.TakeAsync(
            range.Length + (2 * chunks.ChunkBytes), call.Cancellation);
        var length = (int)range.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var bytes = buffer.AsMemory(0, length);
            await MountBody.ReadAsync(call, bytes, services.Options, services.Engine.Time);
            await new MountWriter(
                Records, chunks,
                async (offset, place, token) => await disk.View.ReadAsync(offset, place, token),
                services.Engine.Time).WriteAsync(range.Offset, bytes, call.Cancellation);
        }
        catch (ObjectArchivedException error)
        {
            throw await offers.ProblemAsync(disk.View, range, error, call.Cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task<(MountChunks Chunks, OpenDisk Disk)> OpenAsync(
        ApiCall call, MountRecord mount)
    {
        var found = mount.Disk(call.Name("disk"));
        var disk = await disks.OpenAsync(
            mount.Machine, mount.Version, found.Name, call.Cancellation);
        return disk.Version.Fingerprint == mount.Fingerprint
            ? (new MountChunks(services.Engine.BaseStore, mount, found), disk)
            : throw new NoSuchException(
                $"version {mount.Version} of '{mount.Machine}' any more as it was mounted",
                "DELETE drops the mount.");
    }
}
