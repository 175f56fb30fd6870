namespace SnapshotFunctions.Local.Serving;

/// <summary>Says beside an upload which job takes it in, before that job is started.</summary>
/// <param name="Job">The job's id.</param>
internal sealed record TakingMark(string Job);
