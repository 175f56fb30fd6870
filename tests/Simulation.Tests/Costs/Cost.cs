namespace SnapshotFunctions.SimulationTests.Costs;

/// <summary>What a flow asked of both stores, its journal included.</summary>
/// <param name="Shards">Shards that the change touches.</param>
/// <param name="Operations">Calls of the stores.</param>
/// <param name="BytesRead">Bytes read.</param>
/// <param name="BytesWritten">Bytes written.</param>
internal sealed record Cost(int Shards, long Operations, long BytesRead, long BytesWritten);
