namespace SnapshotFunctions.Engine.Flows.Mounting;

/// <summary>A mount to commit.</summary>
/// <param name="Machine">Its machine.</param>
/// <param name="Id">Its id.</param>
/// <param name="To">The clone of its version that is made for it.</param>
/// <param name="Label">What the user calls the new version; null: by the mount.</param>
public sealed record CommitMountInput(
    string Machine, string Id, string To, string? Label = null);
