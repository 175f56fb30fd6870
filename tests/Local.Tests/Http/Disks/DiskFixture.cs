using SnapshotFunctions.TestShared.Machines;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>One server with four versions, and one empty disk beside.</summary>
public sealed class DiskFixture : IAsyncLifetime
{
    private DiskServer? _server;

    internal DiskServer Server => _server!;

    public async Task InitializeAsync()
    {
        _server = await DiskServer.StartAsync([]);
        foreach (var version in TinyDisks.Row(17, 4)) await _server.AddAsync(version);
        await _server.AddEmptyDiskAsync(2);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
