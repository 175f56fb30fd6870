using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>Where a job leads.</summary>
/// <param name="Self">The job: GET tells how it stands, DELETE asks it to end.</param>
/// <param name="Machine">The machine it is about.</param>
public sealed record JobLinks(string Self, string? Machine)
{
    /// <summary>The links of a job.</summary>
    public static JobLinks Of(JobStatus job) => new(
        $"/api/jobs/{job.Id}", job.Machine is null ? null : $"/api/machines/{job.Machine}");
}
