using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>A target that was made ready.</summary>
/// <param name="Request">As what.</param>
/// <param name="Identity">What tells it from any other of its name.</param>
public sealed record PreparedTarget(RestoreTargetRequest Request, string Identity);
