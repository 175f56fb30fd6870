using System.Text.Json.Serialization;

namespace SnapshotFunctions.Local.Runner;

/// <summary>Where a job stands. Stored by name.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobState>))]
public enum JobState
{
    /// <summary>Not at its end, whether or not a process drives it just now.</summary>
    Running,

    /// <summary>Its flow returned.</summary>
    Completed,

    /// <summary>Its flow failed for good.</summary>
    Failed,

    /// <summary>Its flow ended because it was asked to.</summary>
    Cancelled,
}
