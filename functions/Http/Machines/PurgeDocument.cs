using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Http.Machines;

/// <summary>A machine's deletion that has not begun.</summary>
/// <param name="Since">When it was asked for.</param>
/// <param name="Due">When the next purge or upkeep deletes it.</param>
public sealed record PurgeDocument(DateTimeOffset Since, DateTimeOffset Due)
{
    /// <summary>The document of a machine; null for one that is kept.</summary>
    public static PurgeDocument? Of(ManifestHead head) => head.Purged is { } since
        ? new PurgeDocument(since, since.AddSeconds(head.Policy.GraceSeconds)) : null;
}
