using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Names one immutable page of older versions.</summary>
/// <param name="First">The lowest number on it.</param>
/// <param name="Last">The highest number on it.</param>
/// <param name="Count">How many versions it holds.</param>
/// <param name="Hash">The SHA-256 of its bytes, which names it.</param>
public sealed record VersionPageReference(int First, int Last, int Count, Hash256 Hash)
{
    /// <summary>The lowest operation that wrote a pack listed on it; 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long PacksFrom { get; init; }

    /// <summary>The highest such operation; 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long PacksTo { get; init; }

    /// <summary>Whether a pack of this operation may be listed on it.</summary>
    public bool MayListPack(long operation) =>
        PacksFrom != 0 && operation >= PacksFrom && operation <= PacksTo;
}
