using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Planning.Simulation;

/// <summary>Gathers what a simulation begins from.</summary>
public static class SimulationReading
{
    /// <summary>The input for a machine as it stands.</summary>
    /// <param name="manifest">The machine.</param>
    /// <param name="baseStore">Where its bases lie; they are listed.</param>
    /// <param name="policy">The policy to try; null: the machine's own.</param>
    /// <param name="every">From one snapshot to the next; null: as they came so far.</param>
    /// <param name="days">How many days to look ahead.</param>
    /// <param name="prices">The prices.</param>
    /// <param name="now">The clock's time.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<SimulationInput> InputAsync(
        Manifest manifest, IObjectStore baseStore, MachinePolicy? policy, TimeSpan? every, int days,
        PriceTable prices, DateTimeOffset now, CancellationToken cancellation)
    {
        var versions = await PolicyEffect.VersionsAsync(manifest, cancellation);
        var stored = await StoredAverages.OfAsync(manifest, baseStore, cancellation);
        return new SimulationInput
        {
            Policy = policy ?? manifest.Head.Policy,
            Versions = versions,
            Pins = manifest.Head.Pins ?? [],
            IsHeld = manifest.Head.Hold is not null,
            Now = now,
            Every = every ?? SnapshotPace.Of(versions),
            Days = days,
            BaseBytes = stored.BaseBytes,
            DeltaBytes = stored.DeltaBytes,
            Prices = prices,
        };
    }
}
