using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>
/// <c>PlanRehydration</c>: finds archived objects that a range of a version needs, a bounded number
/// at a time. Reads the manifest and indexes, and asks for objects' tiers.
/// </summary>
/// <param name="services">What steps work with.</param>
/// <param name="mostObjects">Objects that one plan names; null as the margins say.</param>
/// <param name="mostShards">Shards that one plan looks at; null as the margins say.</param>
public sealed class PlanRehydrationStep(
    StepServices services, int? mostObjects = null, int? mostShards = null)
    : Step<PlanRehydrationInput, RehydrationPlan>(RehydrationSteps.Plan)
{
    /// <inheritdoc/>
    public override async Task<RehydrationPlan> RunAsync(
        PlanRehydrationInput input, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        var view = await services.Views.OpenAsync(
            input.Machine, input.Version, input.Disk, cancellation);
        var held = input.FromVersion is { } from
            ? await services.Views.OpenAsync(input.Machine, from, view.Disk.Name, cancellation)
            : null;
        var range = RangeOf(input, view);
        var margins = services.Options.Rehydration;
        Func<RehydratedRecord, bool>? counts = input.LastingFor is { } job
            ? r => Lasts(r, job) : null;
        var archived = new ArchivedData(services.BaseStore, services.DeltaStore);
        var (objects, looked) = (new List<ArchivedObject>(), 0);
        foreach (var shard in await ArchivedData.ShardsAsync(manifest, view, range, cancellation))
        {
            if (shard < input.Shard) continue;
            if (looked++ == (mostShards ?? margins.ShardsAStep)) return Part(shard, string.Empty);
            var taken = 0;
            foreach (var found in await archived.FindAsync(
                manifest, view, shard, range, cancellation, held, counts))
            {
                if (shard == input.Shard
                    && string.CompareOrdinal(found.Name, input.After) <= 0) continue;
                if (objects.Count == (mostObjects ?? margins.ObjectsAStep))
                {
                    // All of them may be of shards before this one.
                    var last = objects[^1].Name;
                    return Part(shard, taken > 0 ? last : string.Empty);
                }
                objects.Add(new ArchivedObject(found.Name, found.LengthBytes));
                taken++;
            }
        }
        return Part(null, string.Empty);

        RehydrationPlan Part(int? next, string after) =>
            new(view.Version, view.Disk.Name, objects, next, after);
    }

    /// <summary>
    /// Whether a job may tell its caller of another's copies: a restore that runs beside it takes
    /// its own along at its end, maybe before the caller has read a byte.
    /// </summary>
    private bool Lasts(RehydratedRecord record, string job) =>
        string.Equals(record.Job, job, StringComparison.Ordinal)
        || (record.IsKept == true
            && record.Until - services.Time.GetUtcNow()
                >= services.Options.Rehydration.KeepTime / 2);

    private static ByteRange RangeOf(PlanRehydrationInput input, DiskView view)
    {
        if (input.Offset < 0 || input.Offset > view.SizeBytes || input.LengthBytes is < 0)
            throw new RefusedException(
                "range",
                $"Disk '{view.Disk.Name}' has {view.SizeBytes} bytes at version {view.Version}; "
                + $"there are no {input.LengthBytes} bytes at {input.Offset}.");
        var rest = view.SizeBytes - input.Offset;
        return new ByteRange(
            input.Offset, input.Offset + Math.Min(rest, input.LengthBytes ?? rest));
    }
}
