using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Outcomes;

/// <summary>
/// An outcome as a CloudEvent (version 1.0, structured JSON). The id is made of what happened and
/// where, so that one outcome that is published twice can be told from two outcomes.
/// </summary>
/// <param name="Id">Names the outcome; at most 128 characters, as Service Bus asks.</param>
/// <param name="Type">One of <see cref="OutcomeKinds"/>.</param>
/// <param name="Source">The machine, as <c>/machines/{machine}</c>.</param>
/// <param name="Subject">What of the machine: <c>versions/7</c>, <c>uploads/nightly</c>.</param>
/// <param name="Time">When the flow came to it.</param>
/// <param name="Data">What is to be known of it.</param>
public sealed record OutcomeEvent(
    string Id, string Type, string Source, string Subject, DateTimeOffset Time, OutcomeData Data)
{
    /// <summary>The media type of the JSON.</summary>
    public const string ContentType = "application/cloudevents+json";

    private const int MostIdLength = 128;

    /// <summary>The version of CloudEvents.</summary>
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>The media type of the data.</summary>
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>Makes an event; its id comes from the job and the kind alone.</summary>
    public static OutcomeEvent Of(
        string kind, string job, string machine, string subject, DateTimeOffset time,
        OutcomeData data) =>
        new(IdOf($"{job}/{kind[OutcomeKinds.Prefix.Length..]}"), kind, $"/machines/{machine}",
            subject, time, data);

    /// <summary>The event as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, OutcomeJson.Default.OutcomeEvent);

    private static string IdOf(string text) => text.Length <= MostIdLength
        ? text
        : Hash256.Of(Encoding.UTF8.GetBytes(text)).ToString();
}
