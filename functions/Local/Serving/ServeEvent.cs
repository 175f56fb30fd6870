namespace SnapshotFunctions.Local.Serving;

/// <summary>Something that happened to an upload; one line of <c>serve --json</c>.</summary>
/// <param name="Time">When.</param>
/// <param name="Event"><c>listening</c>, <c>watching</c>, <c>taking</c>, <c>taken</c>, <c>quarantined</c>,
/// <c>postponed</c>, <c>resumed</c>, <c>note</c> or <c>stopped</c>.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Version">The version it became.</param>
/// <param name="Code">Why it was not taken, for programs.</param>
/// <param name="Message">For people.</param>
internal sealed record ServeEvent(
    DateTimeOffset Time, string Event, string? Machine = null, string? Snapshot = null,
    int? Version = null, string? Code = null, string? Message = null);
