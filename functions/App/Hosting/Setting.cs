namespace SnapshotFunctions.App.Hosting;

/// <summary>One setting that the app reads, as its environment names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsNeeded">Whether the app does not start without it.</param>
/// <param name="Default">What stands for it when it is not set, in words.</param>
/// <param name="Meaning">What it is.</param>
public sealed record Setting(string Name, bool IsNeeded, string Default, string Meaning);
