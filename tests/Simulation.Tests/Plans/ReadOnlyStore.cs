using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.SimulationTests.Plans;

/// <summary>A store that refuses whatever would change it, and says so.</summary>
internal sealed class ReadOnlyStore(IObjectStore inner) : IObjectStore
{
    public string Description => inner.Description;

    public Task<ObjectProperties?> FindAsync(string name, CancellationToken cancellation = default) =>
        inner.FindAsync(name, cancellation);

    public Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default) =>
        inner.ReadAsync(name, offset, destination, ifMatch, cancellation);

    public Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default) =>
        inner.ReadWholeAsync(name, mostBytes, cancellation);

    public Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default) =>
        inner.GetBlocksAsync(name, cancellation);

    public IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix, CancellationToken cancellation = default) =>
        inner.ListAsync(prefix, cancellation);

    public Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default) => throw Written(name);

    public Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default) => throw Written(destination);

    public Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default) => throw Written(name);

    public Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default) => throw Written(name);

    public Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default) =>
        throw Written(name);

    public Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default) =>
        throw Written(name);

    private static InvalidOperationException Written(string name) =>
        new($"A plan would have changed '{name}'.");
}
