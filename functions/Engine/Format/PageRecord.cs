using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>One index page of a base, as its footer lists it, in ascending order.</summary>
/// <param name="Number">Which page of the shard it is.</param>
/// <param name="LengthBytes">Its stored length.</param>
/// <param name="Hash">SHA-256 of its stored bytes, part of its block id.</param>
/// <param name="Node">Its node in the fingerprint tree.</param>
public readonly record struct PageRecord(int Number, int LengthBytes, Hash256 Hash, Hash256 Node)
{
    /// <summary>The id of its blob block.</summary>
    public string BlockId => BlockIds.Page(Number, Hash);
}
