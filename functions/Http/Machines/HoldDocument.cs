using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Http.Machines;

/// <summary>A legal hold on a machine: nothing of it expires.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Time">Since when.</param>
public sealed record HoldDocument(string? Reason, DateTimeOffset Time)
{
    /// <summary>The document of a hold; null for none.</summary>
    public static HoldDocument? Of(HoldRecord? hold) =>
        hold is null ? null : new HoldDocument(hold.Reason, hold.Time);
}
