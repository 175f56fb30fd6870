namespace SnapshotFunctions.Local.Serving;

/// <summary>Says beside an upload which job takes it in, before that job is started.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Cancelled">Whether it is not to be taken in after all.</param>
internal sealed record TakingMark(string Job, bool Cancelled = false);
