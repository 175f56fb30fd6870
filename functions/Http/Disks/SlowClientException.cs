using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Disks;

/// <summary>A client did not take what it had asked for; its connection is cut.</summary>
internal sealed class SlowClientException(int lengthBytes, TimeSpan allowed)
    : SnapshotException(
        "slow-client",
        $"The client did not take {lengthBytes} bytes within {allowed.TotalSeconds:0} seconds.");
