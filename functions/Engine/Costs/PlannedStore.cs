using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>
/// A placement over which work is planned: the work runs as it would, is metered as it would be,
/// and changes nothing. What it reads of manifests and indexes is really read; the bulk of the
/// bytes is not, see <see cref="IPlannedReads"/>.
/// </summary>
public sealed class PlannedStore : IObjectStore, IPlannedReads
{
    private readonly OverlayStore _overlay;
    private readonly MeteredStore _metered;

    /// <summary>A plan's view of a store; does no I/O.</summary>
    /// <param name="real">The store, which is only read.</param>
    /// <param name="prices">Tells the tiers' minimum stay, and how long Archive takes.</param>
    /// <param name="time">The plan's clock.</param>
    /// <param name="onlineAfter">How long bytes that are asked for now take to come back.</param>
    public PlannedStore(
        IObjectStore real, PriceTable prices, TimeProvider time,
        Func<long, RehydrationPriority, TimeSpan> onlineAfter)
    {
        // Whoever meters the real store must not count what the plan itself reads of it.
        var (beneath, usual) = real is MeteredStore metered
            ? (metered.Inner, metered.Usual) : (real, StorageTier.Hot);
        _overlay = new OverlayStore(beneath, time, onlineAfter);
        _metered = new MeteredStore(_overlay, prices, time, usual);
    }

    /// <inheritdoc/>
    public string Description => _overlay.Description;

    /// <summary>Requests that planning itself has made.</summary>
    public long Requests => _overlay.Requests;

    /// <summary>
    /// The same placement for work that must have the bytes: they are read, and counted like those
    /// that are only planned. Nothing is written either.
    /// </summary>
    public IObjectStore WithBytes => _metered;

    /// <inheritdoc/>
    public async Task PlanReadAsync(
        string name, long offset, long lengthBytes, CancellationToken cancellation = default)
    {
        await _metered.CountReadAsync(name, lengthBytes, cancellation);
        await _overlay.RequireReadableAsync(name, cancellation);
    }

    /// <inheritdoc/>
    public Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default) =>
        _metered.PutAsync(name, content, options, cancellation);

    /// <inheritdoc/>
    public Task<ObjectProperties?> FindAsync(
        string name, CancellationToken cancellation = default) =>
        _metered.FindAsync(name, cancellation);

    /// <inheritdoc/>
    public Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default) =>
        _metered.ReadAsync(name, offset, destination, ifMatch, cancellation);

    /// <inheritdoc/>
    public Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default) =>
        _metered.ReadWholeAsync(name, mostBytes, cancellation);

    /// <inheritdoc/>
    public Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default) =>
        _metered.StageBlockAsync(name, blockId, content, cancellation);

    /// <inheritdoc/>
    public Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default) =>
        _metered.CommitBlocksAsync(name, blocks, options, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default) =>
        _metered.GetBlocksAsync(name, cancellation);

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix, CancellationToken cancellation = default) =>
        _metered.ListAsync(prefix, cancellation);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default) =>
        _metered.DeleteAsync(name, ifMatch, cancellation);

    /// <inheritdoc/>
    public Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default) =>
        _metered.SetTierAsync(name, tier, cancellation);

    /// <inheritdoc/>
    public Task SetTierAsync(
        string name, StorageTier tier, RehydrationPriority priority,
        CancellationToken cancellation = default) =>
        _metered.SetTierAsync(name, tier, priority, cancellation);

    /// <inheritdoc/>
    public Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default) =>
        _metered.CopyAsync(source, destination, options, cancellation);
}
