namespace SnapshotFunctions.Engine.Steps.Mounting;

/// <summary>A mount that is to be committed.</summary>
/// <param name="Machine">Its machine.</param>
/// <param name="Id">Its id.</param>
/// <param name="Job">The job that commits it.</param>
/// <param name="CloneName">The clone that it is committed to.</param>
public sealed record FreezeMountInput(string Machine, string Id, string Job, string CloneName);
