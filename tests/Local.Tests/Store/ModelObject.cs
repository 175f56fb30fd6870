using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>A full copy of an object; a put one has one block without an id.</summary>
internal sealed record ModelObject(IReadOnlyList<ModelBlock> Blocks, StorageTier Tier);
