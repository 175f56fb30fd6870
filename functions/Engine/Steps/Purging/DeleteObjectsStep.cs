using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Purging;

/// <summary>
/// <c>DeleteObjects</c>: deletes some of what is left of a machine whose manifest is gone; dated
/// copies of it first, so that nothing can be rebuilt from half of it. Objects go as they were
/// listed, so that a late run cannot delete what a new machine of the name has made.
/// </summary>
public sealed class DeleteObjectsStep(StepServices services)
    : Step<PurgeStepInput, PurgedBatch>(PurgeSteps.DeleteObjects)
{
    private const int MostObjects = 2000;
    private const int AtOnce = 16;

    /// <inheritdoc/>
    public override async Task<PurgedBatch> RunAsync(
        PurgeStepInput input, CancellationToken cancellation)
    {
        var (found, isLast) = await FindAsync(input.Machine, cancellation);
        // Looked at after the listing: what was listed of a machine that is going was never a
        // later one's, since that cannot be made before the going has ended.
        if (await GoneMachine.GoingAsync(services.BaseStore, input.Machine, cancellation) is null)
            return new PurgedBatch(0, 0, true);
        var bytes = 0L;
        var objects = 0;
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(found, parallel, async (one, token) =>
        {
            if (!await one.Store.DeleteAsync(one.Found.Name, one.Found.ETag, token)) return;
            Interlocked.Increment(ref objects);
            Interlocked.Add(ref bytes, one.Found.LengthBytes);
        });
        if (isLast)
            await GoneMachine.EndAsync(services.BaseStore, input.Machine, cancellation);
        return new PurgedBatch(objects, bytes, isLast);
    }

    private async Task<(List<Leftover> Found, bool IsLast)> FindAsync(
        string machine, CancellationToken cancellation)
    {
        var found = new List<Leftover>();
        var prefix = ObjectNames.Machine(machine);
        IObjectStore[] stores = [.. new[] { services.BaseStore, services.DeltaStore }.Distinct()];
        foreach (var store in stores)
            await AddAsync(store, $"{prefix}heads/", machine, found, cancellation);
        // The copies are a step of their own: they are gone before anything else goes.
        if (found.Count > 0) return (found, false);
        foreach (var store in stores) await AddAsync(store, prefix, machine, found, cancellation);
        return (found, found.Count < MostObjects);
    }

    private static async Task AddAsync(
        IObjectStore store, string prefix, string machine,
        List<Leftover> found, CancellationToken cancellation)
    {
        await foreach (var one in store.ListAsync(prefix, cancellation))
        {
            if (found.Count == MostObjects) return;
            if (!string.Equals(one.Name, ObjectNames.Gone(machine), StringComparison.Ordinal))
                found.Add(new Leftover(store, one));
        }
    }

    private sealed record Leftover(IObjectStore Store, ObjectProperties Found);
}
