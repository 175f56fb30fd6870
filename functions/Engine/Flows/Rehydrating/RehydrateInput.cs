using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>A rehydration of what a range of a version needs.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version; null for the newest.</param>
/// <param name="Disk">The disk; null where there is only one.</param>
/// <param name="Offset">The first byte of the range.</param>
/// <param name="LengthBytes">Its length; null for all that follows.</param>
/// <param name="Priority">How soon; null as the machine's policy says.</param>
public sealed record RehydrateInput(
    string Machine, int? Version = null, string? Disk = null, long Offset = 0,
    long? LengthBytes = null, RehydrationPriority? Priority = null);
