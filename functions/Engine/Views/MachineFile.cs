using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Views;

/// <summary>A machine file of a version, found or read.</summary>
/// <param name="Version">The version.</param>
/// <param name="File">What the manifest says of it.</param>
/// <param name="Content">Its bytes, which have the recorded hash.</param>
public sealed record MachineFile(int Version, VersionFile File, byte[] Content);
