using System.Text.Json;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.App.Durable;

/// <summary>What an orchestration tells of itself: its custom status.</summary>
/// <param name="Progress">How far it has come.</param>
/// <param name="CancelRequested">Whether it was asked to end.</param>
/// <param name="ErrorCode">Why it failed, for programs; null while it has not.</param>
/// <param name="ErrorMessage">Why, for people.</param>
/// <param name="Used">What its steps have used, its parts' among them once those have ended.</param>
public sealed record JobReport(
    FlowProgress? Progress = null, bool CancelRequested = false, string? ErrorCode = null,
    string? ErrorMessage = null, Usage? Used = null)
{
    /// <summary>The report as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DurableJson.Default.JobReport);

    /// <summary>Reads a report; a missing one tells nothing.</summary>
    public static JobReport Parse(string? json) =>
        (json is null ? null : JsonSerializer.Deserialize(json, DurableJson.Default.JobReport))
            ?? new JobReport();
}
