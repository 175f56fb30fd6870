using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>How archived data is brought back for a restore.</summary>
/// <param name="Way">
/// <see cref="Copy"/>: to online copies that go after the restore, while the archived objects stay
/// and no early deletion is billed; <see cref="Tier"/>: the objects themselves change their tier.
/// </param>
/// <param name="Priority">How soon, where a request does not say.</param>
public sealed record RehydrationSettings(string Way, RehydrationPriority Priority)
{
    /// <summary>By online copies.</summary>
    public const string Copy = "copy";

    /// <summary>By changing the objects' tier.</summary>
    public const string Tier = "tier";

    /// <summary>By copy, without hurry.</summary>
    public static RehydrationSettings Default { get; } = new(Copy, RehydrationPriority.Standard);
}
