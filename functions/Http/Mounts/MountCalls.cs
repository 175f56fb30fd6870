using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Flows.Mounting;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Steps.Mounting;
using SnapshotFunctions.Http.Disks;
using SnapshotFunctions.Http.Jobs;
using SnapshotFunctions.Http.Machines;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Mounts;

/// <summary>Opens, shows, commits and drops mounts.</summary>
internal sealed class MountCalls(ApiServices services)
{
    private const int IdDigits = 16;
    private const int MostLabelCharacters = 200;

    private readonly ActionStart _start = new(services);

    private MountStore Mounts => services.Engine.Mounts;

    /// <summary>POST: opens a mount.</summary>
    public async Task OpenAsync(ApiCall call)
    {
        var (machine, version) = (call.Machine, call.Version);
        var record = await FindVersionAsync(call, machine, version);
        // By chance and never again: what a late writer leaves under an id must be no other mount's.
        var id = RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);
        var mount = await Mounts.OpenAsync(machine, record.Number, id, call.Cancellation);
        call.Response.Headers.Location = Links.Mount(machine, mount.Version, mount.Id);
        Tell(call, mount);
        await call.WriteAsync(
            MountDocument.Of(mount), ApiJson.Default.MountDocument, StatusCodes.Status201Created);
    }

    /// <summary>GET of all that a version has.</summary>
    public async Task ListAsync(ApiCall call)
    {
        var (machine, version) = (call.Machine, call.Version);
        var record = await FindVersionAsync(call, machine, version);
        var manifest = await MachineReading.LoadAsync(
            services.Engine.Manifests, machine, call.Cancellation);
        var mounts = await Mounts.ListAsync(manifest, record.Number, call.Cancellation);
        call.Response.Headers.CacheControl = "no-store";
        await call.WriteAsync(
            new MountsDocument([.. mounts.Select(MountDocument.Of)]),
            ApiJson.Default.MountsDocument);
    }

    /// <summary>GET of one.</summary>
    public async Task GetAsync(ApiCall call)
    {
        var mount = await LoadAsync(call);
        if (Weigh(call, mount) is ConditionVerdict.NotModified)
        {
            call.Response.StatusCode = StatusCodes.Status304NotModified;
            Tell(call, mount);
            return;
        }
        Tell(call, mount);
        await call.WriteAsync(MountDocument.Of(mount), ApiJson.Default.MountDocument);
    }

    /// <summary>DELETE: drops it and what was written to it.</summary>
    public async Task DiscardAsync(ApiCall call)
    {
        var mount = await LoadAsync(call);
        Weigh(call, mount);
        mount = await SettledAsync(call, mount);
        await Mounts.DiscardAsync(mount.Machine, mount.Id, call.Cancellation);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>POST commit: starts the job that makes a version of it.</summary>
    public async Task CommitAsync(ApiCall call)
    {
        var (machine, id) = (call.Machine, IdOf(call));
        var request = await call.BodyAsync(ApiJson.Default.CommitMountRequest)
            ?? throw ApiCall.Refused("body", "an object with to", "nothing");
        FreezeMountStep.CheckClone(machine, request.To);
        if (request.Label?.Length > MostLabelCharacters)
            throw ApiCall.Refused("label", $"at most {MostLabelCharacters} characters", "more");
        var input = new CommitMountInput(machine, id, request.To, request.Label);
        var found = await Mounts.Records.FindAsync(machine, id, call.Cancellation);
        string? job = null;
        if (found is { Record: var mount })
        {
            RequireVersion(call, mount);
            Weigh(call, mount);
            mount = await SettledAsync(call, mount);
            // The same commit again, while it is under way, is the same job.
            job = mount.Job ?? await NextJobAsync(call, mount);
        }
        await _start.RunAsync(
            call, MountNames.Commit, input, machine, () => CheckAsync(call, input), job);
    }

    /// <summary>The mount that a call names.</summary>
    /// <exception cref="NoSuchException">There is no such mount of that version.</exception>
    public async Task<MountRecord> LoadAsync(ApiCall call)
    {
        var mount = await Mounts.Records.LoadAsync(call.Machine, IdOf(call), call.Cancellation);
        RequireVersion(call, mount);
        return mount;
    }

    private static string IdOf(ApiCall call)
    {
        var id = call.Segment("mount");
        return ObjectNames.IsMount(id) ? id : throw ApiCall.Refused(
            "mount", $"{IdDigits} digits of 0-9 and a-f", id);
    }

    private static void RequireVersion(ApiCall call, MountRecord mount)
    {
        var version = call.Version ?? throw ApiCall.Refused(
            "version", "the number of the mount's version, which the mount's links have", "latest");
        if (version != mount.Version) throw MountRecords.NoMount(mount.Machine, mount.Id);
    }

    private async Task<VersionRecord> FindVersionAsync(
        ApiCall call, string machine, int? version) =>
        await MachineReading.VersionAsync(
            await MachineReading.LoadAsync(
                services.Engine.Manifests, machine, call.Cancellation),
            version, call.Cancellation);

    private async Task CheckAsync(ApiCall call, CommitMountInput input)
    {
        MountWriter.RequireOpen(await LoadAsync(call));
        var clone = await services.Engine.Manifests.FindAsync(input.To, call.Cancellation);
        if (clone is not null && !string.Equals(
            clone.Head.Origin?.Job, CommitMountFlow.CloneOwnerOf(input.Id),
            StringComparison.Ordinal))
            throw new RefusedException(
                "machine-exists", $"There is a machine '{input.To}' already.");
    }

    /// <summary>
    /// A mount whose commit has come to its end without saying so, as a job does that is cancelled
    /// before it begins or is lost with its journal, can be written again.
    /// </summary>
    private async Task<MountRecord> SettledAsync(ApiCall call, MountRecord mount)
    {
        if (mount is not { State: MountState.Committing, Job: { } job }) return mount;
        return await IsUnderWayAsync(call, job)
            ? mount
            : await Mounts.ReopenAsync(mount.Machine, mount.Id, job, call.Cancellation);
    }

    private async Task<bool> IsUnderWayAsync(ApiCall call, string job) =>
        await services.Jobs.FindAsync(job, call.Cancellation) is { Ended: null };

    /// <summary>
    /// The id of the job that commits an open mount: the same for the same call again, another one
    /// once that job has failed.
    /// </summary>
    private async Task<string> NextJobAsync(ApiCall call, MountRecord mount)
    {
        while (true)
        {
            var id = $"{MountNames.Commit.Name.ToLowerInvariant()}-{mount.Machine}-{mount.Id}-"
                + $"{mount.Generation}";
            if (mount.State is not MountState.Open
                || await services.Jobs.FindAsync(id, call.Cancellation) is not { Ended: not null })
                return id;
            // It ended before it had frozen the mount.
            var before = mount.Generation;
            mount = await Mounts.Records.UpdateAsync(
                mount.Machine, mount.Id,
                r => r.State is MountState.Open && r.Generation == before
                    ? r with { Generation = before + 1 } : r,
                call.Cancellation);
        }
    }

    private ConditionVerdict Weigh(ApiCall call, MountRecord mount)
    {
        var verdict = Conditions.Weigh(
            call.Request.Headers, TagOf(mount), modified: null,
            services.Engine.Time.GetUtcNow());
        return verdict is not ConditionVerdict.Failed ? verdict : throw new ApiProblemException(
            ProblemKinds.PreconditionFailed, "precondition-failed",
            $"The mount's ETag is {TagOf(mount)}; the request asks for another state.");
    }

    private static void Tell(ApiCall call, MountRecord mount)
    {
        call.Response.Headers.ETag = TagOf(mount).ToString();
        call.Response.Headers.CacheControl = "no-store";
    }

    /// <summary>What is told of a mount follows from these: a job begins each generation once.</summary>
    private static EntityTag TagOf(MountRecord mount) =>
        new($"{mount.Id}-{mount.Generation}-{Words.Of(mount.State)}", IsWeak: false);
}
