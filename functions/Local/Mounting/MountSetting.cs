using System.Net;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>Where and how a mount is served.</summary>
/// <param name="Address">The TCP address; null for none.</param>
/// <param name="UnixPath">The Unix socket; null for none.</param>
/// <param name="Disk">The one disk that is served; null for all.</param>
/// <param name="CacheBytes">How much of what was read is kept in memory.</param>
internal sealed record MountSetting(
    IPEndPoint? Address, string? UnixPath, string? Disk, long CacheBytes);
