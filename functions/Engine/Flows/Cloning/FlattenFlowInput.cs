namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>A clone to make independent.</summary>
/// <param name="Machine">The clone.</param>
public sealed record FlattenFlowInput(string Machine);
