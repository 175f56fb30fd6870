using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>An object as planned work would leave it.</summary>
/// <param name="Properties">What it tells of itself.</param>
/// <param name="Blocks">Its blocks; null where its bytes are still those of the store beneath.</param>
/// <param name="OnlineAt">When a rehydration under way ends.</param>
internal sealed record PlannedObject(
    ObjectProperties Properties, IReadOnlyList<PlannedBlock>? Blocks, DateTimeOffset OnlineAt)
{
    /// <summary>It at a time: a rehydration may have ended.</summary>
    public PlannedObject At(DateTimeOffset now) =>
        Properties.RehydratingTo is { } to && now >= OnlineAt
            ? this with
            {
                Properties = Properties with
                {
                    Tier = to, RehydratingTo = null, TierChanged = OnlineAt,
                },
            }
            : this;
}
