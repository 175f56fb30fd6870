using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>The table of shared frames of a base, as its footer lists it.</summary>
/// <param name="LengthBytes">Its stored length.</param>
/// <param name="Hash">SHA-256 of its stored bytes, part of its block id.</param>
public readonly record struct SharedRecord(int LengthBytes, Hash256 Hash)
{
    /// <summary>The id of its blob block.</summary>
    public string BlockId => BlockIds.Shared(Hash);
}
