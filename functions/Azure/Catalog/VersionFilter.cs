namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>Which versions are asked for; null takes all.</summary>
/// <param name="From">Only those of this time or later.</param>
/// <param name="To">Only those before this time.</param>
/// <param name="Label">Only those of this label.</param>
/// <param name="Snapshot">Only the one of this upload.</param>
/// <param name="State">Only those in this state; null: those that can be restored.</param>
public sealed record VersionFilter(
    DateTimeOffset? From = null, DateTimeOffset? To = null, string? Label = null,
    string? Snapshot = null, string? State = null);
