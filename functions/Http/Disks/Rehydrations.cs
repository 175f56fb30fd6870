using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Http.Jobs;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Disks;

/// <summary>Starts rehydrations.</summary>
internal sealed class Rehydrations(ApiServices services, OpenDisks disks)
{
    /// <summary>POST: 202 with the job.</summary>
    public async Task PostAsync(ApiCall call)
    {
        RehydrationPriority? priority = call.Text("priority") switch
        {
            null => null,
            "standard" => RehydrationPriority.Standard,
            "high" => RehydrationPriority.High,
            var other => throw ApiCall.Refused("priority", "standard or high", other),
        };
        var offset = call.Number("offset", 0, 0, long.MaxValue);
        long? length = call.Text("length") is null ? null
            : call.Number("length", 0, 0, long.MaxValue);
        // What the job would only fail with is refused at once.
        var (_, version) = await disks.FindAsync(call.Machine, call.Version, call.Cancellation);
        var disk = DiskOf(call, version.Disks.Select(d => d.Name).ToList());
        var found = OpenDisk.Find(version, call.Machine, disk);
        if (offset > found.SizeBytes)
            throw ApiCall.Refused("offset", $"at most {found.SizeBytes}", $"{offset}");
        var input = new RehydrateInput(
            call.Machine, version.Number, disk, offset, length, priority);
        if (await PlanWish.AnswerAsync(
            services, call, RehydrateNames.Rehydrate, input, call.Machine)) return;
        var job = await PlanWish.StartAsync(
            services, call, RehydrateNames.Rehydrate, input, call.Machine,
            IdempotencyKey.JobId(call, RehydrateNames.Rehydrate.Name, call.Machine));
        await JobAnswers.AcceptedAsync(call, job);
    }

    private static string DiskOf(ApiCall call, List<string> names)
    {
        if (call.Text("disk") is not { } text)
        {
            return names.Count == 1 ? names[0] : throw ApiCall.Refused(
                "disk", $"one of {string.Join(", ", names)}", "none");
        }
        return ObjectNames.IsName(text) ? text : throw ApiCall.Refused("disk", "a disk's name", text);
    }
}
