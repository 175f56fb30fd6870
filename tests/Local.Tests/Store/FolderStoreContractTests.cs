using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>The contract over real folders; see the classes below for where they lie.</summary>
public abstract class FolderStoreContractTests(string parent) : ObjectStoreContract, IDisposable
{
    private readonly string _root = TestFolders.Make(parent);
    private readonly ManualClock _clock = new();
    private readonly List<FolderStore> _stores = [];

    public void Dispose()
    {
        foreach (var store in _stores)
            store.Dispose();
        Directory.Delete(_root, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected override Task<IObjectStore> OpenAsync()
    {
        var store = FolderStore.Open(_root, new FolderStoreOptions { Clock = _clock });
        _stores.Add(store);
        return Task.FromResult<IObjectStore>(store);
    }

    protected override Task PassRehydrationAsync()
    {
        _clock.Advance(TimeSpan.FromMinutes(5));
        return Task.CompletedTask;
    }
}
