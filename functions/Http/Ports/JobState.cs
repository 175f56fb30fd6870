using System.Text.Json.Serialization;

namespace SnapshotFunctions.Http.Ports;

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>It waits for its turn, or for a time.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    /// <summary>It is being worked on.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>It ended well.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>It ended with an error.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It ended because it was asked to.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
