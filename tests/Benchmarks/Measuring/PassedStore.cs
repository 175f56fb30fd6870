using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>A store over another one, all of whose calls pass one place.</summary>
internal abstract class PassedStore(IObjectStore inner) : IObjectStore, IDisposable
{
    private const int ListedAtOnce = 5_000;

    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.Put, content.Length,
            () => inner.PutAsync(name, content, options, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<ObjectProperties?> FindAsync(
        string name, CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.Find, 0, () => inner.FindAsync(name, cancellation), cancellation);

    /// <inheritdoc/>
    public Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.Read, destination.Length,
            () => DoneAsync(inner.ReadAsync(name, offset, destination, ifMatch, cancellation)),
            cancellation);

    /// <inheritdoc/>
    public Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.ReadWhole, 0,
            () => inner.ReadWholeAsync(name, mostBytes, cancellation), cancellation,
            whole => whole.Content.Length);

    /// <inheritdoc/>
    public Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.StageBlock, content.Length,
            () => DoneAsync(inner.StageBlockAsync(name, blockId, content, cancellation)),
            cancellation);

    /// <inheritdoc/>
    public Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.CommitBlocks, 0,
            () => inner.CommitBlocksAsync(name, blocks, options, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.GetBlocks, 0, () => inner.GetBlocksAsync(name, cancellation),
            cancellation);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var listed = 0;
        await foreach (var found in inner.ListAsync(prefix, cancellation))
        {
            if (listed++ % ListedAtOnce == 0) await ListedAsync(cancellation);
            yield return found;
        }
        if (listed == 0) await ListedAsync(cancellation);
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.Delete, 0, () => inner.DeleteAsync(name, ifMatch, cancellation),
            cancellation);

    /// <inheritdoc/>
    public Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.Copy, 0,
            () => inner.CopyAsync(source, destination, options, cancellation), cancellation);

    /// <inheritdoc/>
    public Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.SetTier, 0,
            () => DoneAsync(inner.SetTierAsync(name, tier, cancellation)), cancellation);

    /// <inheritdoc/>
    public Task SetTierAsync(
        string name, StorageTier tier, RehydrationPriority priority,
        CancellationToken cancellation = default) => PassAsync(
            StoreOperationKind.SetTier, 0,
            () => DoneAsync(inner.SetTierAsync(name, tier, priority, cancellation)), cancellation);

    /// <inheritdoc/>
    public void Dispose() => (inner as IDisposable)?.Dispose();

    /// <summary>Makes a call of the inner store.</summary>
    /// <param name="kind">Which call.</param>
    /// <param name="bytes">Bytes of content that go with it, as far as that is known before it.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="more">Bytes of content that its answer turned out to hold.</param>
    protected abstract Task<T> PassAsync<T>(
        StoreOperationKind kind, long bytes, Func<Task<T>> call, CancellationToken cancellation,
        Func<T, long>? more = null);

    private Task<bool> ListedAsync(CancellationToken cancellation) => PassAsync(
        StoreOperationKind.List, 0, static () => Task.FromResult(true), cancellation);

    private static async Task<bool> DoneAsync(Task call)
    {
        await call;
        return true;
    }
}
