namespace SnapshotFunctions.Engine.Manifests;

/// <summary>One machine in a projection.</summary>
/// <param name="Machine">Its name.</param>
/// <param name="Newest">The newest version that can be restored; 0 for none.</param>
/// <param name="Versions">How many versions are listed.</param>
/// <param name="Base">The version that the base stands at; 0 for none.</param>
/// <param name="Time">The newest version's time; null for none.</param>
/// <param name="SizeBytes">The sizes of its disks at the newest version, together.</param>
/// <param name="Disks">The disks' names, with a comma between.</param>
/// <param name="Operations">How many operations are under way.</param>
/// <param name="Revision">The revision of the manifest's head that this was made from.</param>
/// <param name="Written">When that head was written.</param>
public sealed record MachineEntry(
    string Machine, int Newest, int Versions, int Base, DateTimeOffset? Time, long SizeBytes,
    string Disks, int Operations, long Revision, DateTimeOffset Written);
