using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.SimulationTests.Stores;

public sealed class SimulatedStoreContractTests : ObjectStoreContract
{
    private readonly ManualClock _clock = new();

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(
        new SimulatedStore(new SimulatedStoreOptions { Clock = _clock, Yields = true }));

    protected override Task PassRehydrationAsync()
    {
        _clock.Advance(TimeSpan.FromHours(15));
        return Task.CompletedTask;
    }
}
