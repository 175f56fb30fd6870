using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Http.Machines;

/// <summary>Who changes a machine now.</summary>
/// <param name="Job">The job.</param>
/// <param name="Until">When its turn ends unless it is renewed.</param>
public sealed record TurnDocument(string Job, DateTimeOffset Until)
{
    /// <summary>The document of a claim; null for none.</summary>
    public static TurnDocument? Of(Claim? claim) => claim is null
        ? null
        // Behind the bar stands the process, with its host's name: nothing for callers.
        : new TurnDocument(claim.Owner.Split('|')[0], claim.Until);
}
