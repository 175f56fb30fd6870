using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Runner;

/// <summary>The job that was waited for ended because somebody asked it to.</summary>
public sealed class JobCancelledException(string instanceId)
    : SnapshotException("canceled", $"Job '{instanceId}' was cancelled.")
{
    /// <summary>The job.</summary>
    public string InstanceId { get; } = instanceId;
}
