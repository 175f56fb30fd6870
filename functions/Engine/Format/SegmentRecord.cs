using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>One segment of a base, as its footer lists it, in the order of the blob.</summary>
/// <param name="Number">Its number, which index entries name; never reused in a base.</param>
/// <param name="LengthBytes">Its stored length with its directory.</param>
/// <param name="LiveBytes">Frame bytes that an index page still names.</param>
/// <param name="Hash">SHA-256 of its stored bytes, part of its block id.</param>
public readonly record struct SegmentRecord(
    int Number, int LengthBytes, int LiveBytes, Hash256 Hash)
{
    /// <summary>The id of its blob block.</summary>
    public string BlockId => BlockIds.Segment(Number, Hash);
}
