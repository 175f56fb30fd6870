using System.Text.Json.Serialization;

namespace SnapshotFunctions.Local.Serving;

/// <summary>What <c>GET /healthz</c> answers.</summary>
/// <param name="Status"><c>ok</c>, or <c>unreachable</c> when the store cannot be asked.</param>
/// <param name="Running">How many jobs run.</param>
/// <param name="Pending">How many jobs wait.</param>
/// <param name="Jobs">The jobs that run; left out for callers without the key.</param>
internal sealed record HealthDocument(
    string Status, int Running, int Pending,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<HealthJob>? Jobs);
