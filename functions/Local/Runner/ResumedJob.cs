namespace SnapshotFunctions.Local.Runner;

/// <summary>What became of one unfinished job that was taken up again.</summary>
/// <param name="Job">The job as it stands now; Failed is an end like any other.</param>
/// <param name="Trouble">Why it could not be driven to an end, else null; it is still running.</param>
public sealed record ResumedJob(JobInfo Job, Exception? Trouble);
