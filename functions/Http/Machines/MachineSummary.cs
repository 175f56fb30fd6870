namespace SnapshotFunctions.Http.Machines;

/// <summary>One machine in a list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Newest">The newest version that can be restored; absent for none.</param>
/// <param name="Versions">How many versions it lists.</param>
/// <param name="Time">When the machine was as that version has it.</param>
/// <param name="SizeBytes">The sizes of that version's disks together.</param>
/// <param name="Damage">Why its manifest cannot be read; absent when all is well.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record MachineSummary(
    string Name, int? Newest, int Versions, DateTimeOffset? Time, long SizeBytes, string? Damage,
    MachineLinks Links);
