using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Upkeep;

/// <summary>
/// <c>Sweep</c>: deletes what was retired and whose grace has passed. Machines that change are swept
/// as they do; this serves those that rest.
/// Pins go too whose clones were never made, and what is left of mounts that nobody opens or drops
/// any more.
/// </summary>
public sealed class SweepStep(StepServices services) : Step<UpkeepInput, int>(UpkeepSteps.Sweep)
{
    /// <inheritdoc/>
    public override async Task<int> RunAsync(UpkeepInput input, CancellationToken cancellation)
    {
        var now = services.Time.GetUtcNow();
        await ClonePins.DropStaleAsync(services.Manifests, input.Machine, now, cancellation);
        await services.Mounts.SweepAsync(input.Machine, now, cancellation);
        return await services.Manifests.SweepAsync(input.Machine, now, cancellation);
    }
}
