using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.TestShared.Stores;

/// <summary>What one object holds, whatever its ETag and its times.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="Metadata">Its metadata as sorted "name=value" lines.</param>
/// <param name="ContentHash">SHA-256 of its bytes, in hexadecimal.</param>
public sealed record ObjectFingerprint(
    string Name, long LengthBytes, StorageTier Tier, string Metadata, string ContentHash);
