#pragma warning disable MA0048 // The shapes of the journal are read together.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Runner;

/// <summary>The object <c>start</c>: that there is a job, and what of.</summary>
internal sealed record StartRecord(
    string Writer, string Flow, string Input, string? Subject, DateTimeOffset Created,
    Usage? Planned = null);

/// <summary>
/// The object <c>end</c>, written last. It repeats the start so that one read lists a job.
/// </summary>
internal sealed record EndRecord(
    string Writer, string Flow, string? Subject, DateTimeOffset Created, DateTimeOffset Ended,
    JobState State, string? Output, string? ErrorCode, string? ErrorMessage,
    FlowProgress? Progress, Usage? Used = null, Usage? Planned = null);

/// <summary>An object of <c>raised</c>: an event raised to a job and not yet in its journal.</summary>
internal sealed record RaisedRecord(string Scope, string Name, string Value);

/// <summary>
/// One numbered object of <c>journal</c>. The calls are all those the flow made after the record
/// before was delivered, in their order; the events are what is delivered after them. The writer
/// tells an answer that got lost from a rival's record. One that takes over is empty: a driver
/// writes it when it takes up a job, so that the driver before it, if it lives, fails at its next
/// write. What all steps have used so far is written down with their results, so that what a
/// crash makes run again counts once; one that takes over repeats it.
/// </summary>
internal sealed record JournalRecord(
    string Writer, bool TakesOver, IReadOnlyList<ScheduledCall> Calls,
    IReadOnlyList<JournalEvent> Events, FlowProgress? Progress, Usage? Used = null);

/// <summary>What kind of call a flow made.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallKind>))]
internal enum CallKind
{
    Step,
    Flow,
    Delay,
    Event,
}

/// <summary>A call as the flow made it; on replay it must be equal in all its parts.</summary>
internal sealed record ScheduledCall(string Call, CallKind Kind, string Name, string InputHash)
{
    /// <summary>Half of SHA-256 tells inputs apart and keeps the journal short.</summary>
    private const int HashBytes = 16;

    public static ScheduledCall Of(FlowCall call) =>
        new(call.Id, call.Kind, call.Name, Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(call.Input)).AsSpan(0, HashBytes)));

    public override string ToString() =>
        $"{Kind.ToString().ToLowerInvariant()} '{Name}' with input hash {InputHash} as call {Call}";
}

/// <summary>What kind of news is delivered to a flow.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventKind>))]
internal enum EventKind
{
    /// <summary>A step ended, a delay passed, or nobody raised an event in time.</summary>
    Ended,

    /// <summary>A sub-flow ended; what happened inside it is not replayed any more.</summary>
    FlowEnded,

    /// <summary>An event was raised; the call is the scope it was raised to.</summary>
    Raised,

    /// <summary>Somebody asked the job to end.</summary>
    CancelRequested,

    /// <summary>Nothing: only wakes the driver, and is never journaled.</summary>
    Wake,
}

/// <summary>
/// One piece of news, delivered to the flow after its record is durable. The source is the object
/// that an event was raised in, so that it is taken only once.
/// </summary>
internal sealed record JournalEvent(
    EventKind Kind, string Call, DateTimeOffset Time = default, string? Name = null,
    string? Value = null, string? ErrorCode = null, string? ErrorMessage = null,
    string? Source = null)
{
    /// <summary>What the step has used; summed into its record, never journaled by itself.</summary>
    [JsonIgnore]
    public Usage? Used { get; init; }

    /// <summary>Longer messages are cut: a journal is no log.</summary>
    private const int MaxMessageLength = 2_000;

    public static JournalEvent Wake { get; } = new(EventKind.Wake, string.Empty);

    public static JournalEvent Failed(EventKind kind, string call, Exception error) =>
        new(kind, call, ErrorCode: Retries.CodeOf(error), ErrorMessage: MessageOf(error));

    public static string MessageOf(Exception error) =>
        error.Message.Length <= MaxMessageLength
            ? error.Message
            : string.Concat(error.Message.AsSpan(0, MaxMessageLength), " …");
}
