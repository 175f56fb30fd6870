using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>The two placements, opened.</summary>
/// <param name="Base">Where bases, manifests and jobs lie.</param>
/// <param name="Delta">Where deltas lie.</param>
/// <param name="Folder">The folder of both; null where they lie apart or not on this machine.</param>
/// <param name="Tables">Where a projection may be kept, with its secret; null for nowhere.</param>
internal sealed record OpenStore(
    IObjectStore Base, IObjectStore Delta, string? Folder, string? Tables = null)
    : IDisposable
{
    /// <summary>Where this is, for messages; holds no secret.</summary>
    public string Description => Folder is not null
        ? $"folder {Folder}"
        : $"{Base.Description} and {Delta.Description}";

    /// <summary>Whether both placements lie on this machine, where a request costs little.</summary>
    public bool IsNear => Folder is not null || (Base is FolderStore && Delta is FolderStore);

    /// <summary>Where uploads are watched for unless said otherwise.</summary>
    public string? IncomingFolder => Folder is null ? null : Path.Combine(Folder, "incoming");

    /// <inheritdoc/>
    public void Dispose()
    {
        (Base as IDisposable)?.Dispose();
        (Delta as IDisposable)?.Dispose();
    }
}
