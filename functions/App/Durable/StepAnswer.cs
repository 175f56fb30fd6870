using System.Text.Json;
using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.App.Durable;

/// <summary>
/// What an activity or a sub-orchestration hands back: a result, or an error's code and message.
/// </summary>
/// <remarks>
/// Errors cross as results on purpose. What an exception becomes on its way through worker, host
/// and backend is text that each of them cuts and words anew; the code that decides whether a step
/// is tried again must not hang on that. So an activity that fails as a Durable activity did not
/// come to an answer: its worker died, was recycled or was never reached, and it is tried again.
/// </remarks>
/// <param name="Output">The result as JSON; null for an error.</param>
/// <param name="ErrorCode">The error's code; null for a result.</param>
/// <param name="ErrorMessage">Its message.</param>
/// <param name="RetryAfterMs">How long a store asked to wait.</param>
/// <param name="Used">What the work has used of the stores, whether it failed or not.</param>
public sealed record StepAnswer(
    string? Output, string? ErrorCode = null, string? ErrorMessage = null,
    long? RetryAfterMs = null, Usage? Used = null)
{
    /// <summary>Longer messages are cut: a history is no log.</summary>
    private const int MostMessageLength = 2_000;

    /// <summary>The code of what gave no answer at all.</summary>
    public const string NoAnswer = "worker-lost";

    /// <summary>The answer that tells of an error.</summary>
    public static StepAnswer Of(Exception error) => new(
        null, Retries.CodeOf(error), Cut(error.Message),
        (long?)(error as StoreBusyException)?.RetryAfter?.TotalMilliseconds);

    /// <summary>The answer that tells that there was none.</summary>
    public static StepAnswer Lost(string message) => new(null, NoAnswer, Cut(message));

    /// <summary>Whether trying again may help.</summary>
    [JsonIgnore]
    public bool MayPass => ErrorCode is { } code && (code is NoAnswer || Retries.MayPass(code));

    /// <summary>The answer as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DurableJson.Default.StepAnswer);

    /// <summary>Reads an answer.</summary>
    public static StepAnswer Parse(string? json) =>
        (json is null ? null : JsonSerializer.Deserialize(json, DurableJson.Default.StepAnswer))
            ?? Lost("It gave an empty answer.");

    private static string Cut(string message) => message.Length <= MostMessageLength
        ? message
        : string.Concat(message.AsSpan(0, MostMessageLength), " …");
}
