using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>
/// A store that answers as one behind a network does: each operation takes its time, and the bytes
/// of one request come at the pace of one stream, however many run side by side.
/// </summary>
/// <param name="inner">The store.</param>
/// <param name="latency">What each operation takes.</param>
/// <param name="bytesPerSecond">The pace of one request's bytes.</param>
internal sealed class FarStore(IObjectStore inner, TimeSpan latency, double bytesPerSecond)
    : PassedStore(inner)
{
    /// <inheritdoc/>
    protected override async Task<T> PassAsync<T>(
        StoreOperationKind kind, long bytes, Func<Task<T>> call, CancellationToken cancellation,
        Func<T, long>? more = null)
    {
        await Task.Delay(latency + TimeOf(bytes), cancellation);
        var answer = await call();
        if (more is not null) await Task.Delay(TimeOf(more(answer)), cancellation);
        return answer;
    }

    private TimeSpan TimeOf(long bytes) => TimeSpan.FromSeconds(bytes / bytesPerSecond);
}
