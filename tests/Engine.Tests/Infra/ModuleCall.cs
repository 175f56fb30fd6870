namespace SnapshotFunctions.EngineTests.Infra;

/// <summary>One template's use of another.</summary>
/// <param name="Name">What the using template calls it.</param>
/// <param name="Path">The used template, from the root of the repository.</param>
/// <param name="Parameters">The names of the parameters that are passed.</param>
internal sealed record ModuleCall(string Name, string Path, IReadOnlyList<string> Parameters);
