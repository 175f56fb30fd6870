using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>What <c>PlanRestore</c> works on.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version; null for the newest.</param>
/// <param name="Disk">The disk; null where there is only one.</param>
/// <param name="Mode">What may be done to the target.</param>
/// <param name="FromVersion">The version that the target is trusted to hold; null for none.</param>
public sealed record PlanRestoreInput(
    string Machine, int? Version, string? Disk, RestoreMode Mode, int? FromVersion = null);
