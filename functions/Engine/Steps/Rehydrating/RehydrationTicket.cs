using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>A rehydration that is listed.</summary>
/// <param name="Operation">Its number.</param>
/// <param name="Way">The machine's way when it was listed; it keeps to it.</param>
/// <param name="Priority">How soon.</param>
public sealed record RehydrationTicket(
    long Operation, string Way, RehydrationPriority Priority);
