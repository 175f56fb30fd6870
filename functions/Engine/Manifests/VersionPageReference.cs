using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Names one immutable page of older versions.</summary>
/// <param name="First">The lowest number on it.</param>
/// <param name="Last">The highest number on it.</param>
/// <param name="Count">How many versions it holds.</param>
/// <param name="Hash">The SHA-256 of its bytes, which names it.</param>
public sealed record VersionPageReference(int First, int Last, int Count, Hash256 Hash);
