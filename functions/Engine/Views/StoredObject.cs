using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>An object to read frames from, pinned to one state where it may change.</summary>
/// <param name="Store">The placement it lies in.</param>
/// <param name="Name">Its name there.</param>
/// <param name="ETag">The state to read; null for an immutable object.</param>
public sealed record StoredObject(IObjectStore Store, string Name, string? ETag);
