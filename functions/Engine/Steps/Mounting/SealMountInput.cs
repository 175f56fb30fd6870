namespace SnapshotFunctions.Engine.Steps.Mounting;

/// <summary>What is to be fixed of a frozen mount.</summary>
/// <param name="Machine">Its machine.</param>
/// <param name="Id">Its id.</param>
/// <param name="Job">The job that commits it.</param>
/// <param name="Seal">The seal's name.</param>
public sealed record SealMountInput(string Machine, string Id, string Job, string Seal);
