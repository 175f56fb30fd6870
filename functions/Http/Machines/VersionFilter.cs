using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Machines;

/// <summary>Which versions are listed.</summary>
/// <param name="From">The earliest time; null for any.</param>
/// <param name="To">The latest time; null for any.</param>
/// <param name="Label">The whole label; null for any.</param>
/// <param name="LabelContains">A part of the label, whatever its case; null for any.</param>
/// <param name="Snapshot">The upload's name; null for any.</param>
/// <param name="State">The state.</param>
internal sealed record VersionFilter(
    DateTimeOffset? From, DateTimeOffset? To, string? Label, string? LabelContains,
    string? Snapshot, VersionState State)
{
    /// <summary>The parameters for the description.</summary>
    public static IReadOnlyList<RouteParameter> Parameters { get; } =
    [
        Query("from", "The earliest time, RFC 3339."),
        Query("to", "The latest time, RFC 3339."),
        Query("label", "The whole label."),
        Query("labelContains", "A part of the label, whatever its case."),
        Query("snapshot", "The name of the upload."),
        Query("state", "The state; without it those that can be restored: ready.") with
        {
            Values = Words.All<VersionState>(),
        },
    ];

    /// <summary>The filter of a call.</summary>
    public static VersionFilter Of(ApiCall call) => new(
        call.Time("from"), call.Time("to"), call.Text("label"), call.Text("labelContains"),
        call.Text("snapshot"), Words.Find<VersionState>(call, "state") ?? VersionState.Ready);

    /// <summary>Whether a version is among them.</summary>
    public bool Takes(VersionRecord version) =>
        version.State == State
        && (From is null || version.Time >= From)
        && (To is null || version.Time <= To)
        && (Label is null || string.Equals(version.Label, Label, StringComparison.Ordinal))
        && (LabelContains is null || version.Label?.Contains(
            LabelContains, StringComparison.OrdinalIgnoreCase) is true)
        && (Snapshot is null
            || string.Equals(version.Snapshot, Snapshot, StringComparison.Ordinal));

    private static RouteParameter Query(string name, string summary) =>
        new(name, "query", "string", summary);
}
