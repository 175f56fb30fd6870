namespace SnapshotFunctions.Engine.Steps.Mounting;

/// <summary>A mount, and the job that commits it.</summary>
/// <param name="Machine">Its machine.</param>
/// <param name="Id">Its id.</param>
/// <param name="Job">The job.</param>
public sealed record MountJobInput(string Machine, string Id, string Job);
