namespace SnapshotFunctions.Engine.Flows.Expiring;

/// <summary>A machine whose policy is to be carried out.</summary>
/// <param name="Machine">The machine.</param>
public sealed record RetentionInput(string Machine);
