using SnapshotFunctions.Http.Costs;
#pragma warning disable MA0048 // What one command writes is read together.
namespace SnapshotFunctions.Local.Rendering;

/// <summary>What <c>tier</c> came to.</summary>
internal sealed record TiersDocument(bool DryRun, IReadOnlyList<TierDocument> Machines);

/// <summary>What it came to on one machine.</summary>
internal sealed record TierDocument(
    string Machine, int Moved, long MovedBytes, int Packs, int Packed, long PackedBytes,
    string? Job, IReadOnlyList<TierRowDocument> Objects, IReadOnlyList<ResumedDocument> Resumed,
    UsageDocument? Planned, UsageDocument? Used);

/// <summary>What would become of one object.</summary>
internal sealed record TierRowDocument(
    string Data, long LengthBytes, string Tier, DateTimeOffset Since, DateTimeOffset? Expiry,
    string Action, string To, decimal Gain, string Reason);
