namespace SnapshotFunctions.Http.Machines;

/// <summary>Some machines.</summary>
/// <param name="Machines">The machines.</param>
/// <param name="Next">The link to the next page; absent at the end.</param>
public sealed record MachinesDocument(IReadOnlyList<MachineSummary> Machines, string? Next);
