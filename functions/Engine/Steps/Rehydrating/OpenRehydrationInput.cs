using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>What <c>OpenRehydration</c> lists.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Job">The job.</param>
/// <param name="Version">The version that is to be read.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Objects">How many objects are archived.</param>
/// <param name="Bytes">Their length together.</param>
/// <param name="Priority">How soon; null as the machine's policy says.</param>
public sealed record OpenRehydrationInput(
    string Machine, string Job, int Version, string Disk, int Objects, long Bytes,
    RehydrationPriority? Priority = null);
