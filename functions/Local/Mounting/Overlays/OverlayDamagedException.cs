namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>A file of an overlay does not hold what was written to it.</summary>
internal sealed class OverlayDamagedException(string file, string expected, string found)
    : IOException($"'{file}' is damaged: expected {expected}, found {found}.");
