namespace SnapshotFunctions.TestShared.Stores;

/// <summary>How often something was done and how many bytes went with it.</summary>
/// <param name="Count">Operations, failed conditions among them.</param>
/// <param name="Bytes">Bytes of content in or out.</param>
public readonly record struct StoreTally(long Count, long Bytes);
