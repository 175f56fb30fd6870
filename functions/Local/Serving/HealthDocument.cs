namespace SnapshotFunctions.Local.Serving;

/// <summary>What <c>GET /healthz</c> answers.</summary>
/// <param name="Status"><c>ok</c>.</param>
/// <param name="Jobs">The jobs that run.</param>
internal sealed record HealthDocument(string Status, IReadOnlyList<HealthJob> Jobs);
