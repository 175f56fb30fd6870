using System.Text.Json.Serialization;

namespace SnapshotFunctions.AppTests.Replay;

/// <summary>The kinds of lines of a history, as Durable keeps them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EntryKind>))]
public enum EntryKind
{
    /// <summary>An activity was asked for.</summary>
    Activity,

    /// <summary>A sub-orchestration was asked for.</summary>
    Part,

    /// <summary>A timer was set.</summary>
    Timer,

    /// <summary>An event was sent to another instance.</summary>
    Sent,

    /// <summary>An activity or a part has ended.</summary>
    Completed,

    /// <summary>An activity or a part has failed as such.</summary>
    Failed,

    /// <summary>A timer has fired.</summary>
    Fired,

    /// <summary>An event has come.</summary>
    Raised,
}
