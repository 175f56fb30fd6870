using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>A store whose calls are counted and followed.</summary>
internal sealed class WatchedStore(IObjectStore inner, RequestWatch watch) : PassedStore(inner)
{
    /// <inheritdoc/>
    protected override async Task<T> PassAsync<T>(
        StoreOperationKind kind, long bytes, Func<Task<T>> call, CancellationToken cancellation,
        Func<T, long>? more = null)
    {
        watch.Begin(kind, bytes);
        try
        {
            var answer = await call();
            if (more is not null) watch.AddBytes(kind, more(answer));
            return answer;
        }
        finally
        {
            watch.End(kind, bytes);
        }
    }
}
