using System.Text.Json;
using SnapshotFunctions.Engine.Costs;

namespace SnapshotFunctions.App.Durable;

/// <summary>The input of an orchestration.</summary>
/// <param name="Input">The flow's own input as JSON.</param>
/// <param name="Subject">The machine that the job is about; null for none, and for parts.</param>
/// <param name="Started">When the job was asked for; null for parts of another one.</param>
/// <param name="IsPart">
/// Whether it is a part of another orchestration: then it answers with its error and does not fail.
/// </param>
/// <param name="CancelRequested">Whether the whole was asked to end before.</param>
/// <param name="Planned">What the job is planned to use; null when nobody asked.</param>
public sealed record FlowInput(
    string Input, string? Subject = null, DateTimeOffset? Started = null, bool IsPart = false,
    bool CancelRequested = false, Usage? Planned = null)
{
    /// <summary>The input as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DurableJson.Default.FlowInput);

    /// <summary>Reads an input.</summary>
    public static FlowInput Parse(string? json) =>
        (json is null ? null : JsonSerializer.Deserialize(json, DurableJson.Default.FlowInput))
            ?? throw new JsonException("An orchestration was started without an input.");
}
