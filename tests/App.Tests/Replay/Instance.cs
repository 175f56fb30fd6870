namespace SnapshotFunctions.AppTests.Replay;

/// <summary>One orchestration: all that a backend would keep of it.</summary>
public sealed class Instance
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The orchestrator's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version that it was started with; null for none, as the runtime tells it.</summary>
    public required string? Version { get; init; }

    /// <summary>Its input, as the orchestrator reads it.</summary>
    public required string Input { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTime Started { get; init; }

    /// <summary>Whose part it is, and as which action; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>The parent's action.</summary>
    public int ParentCall { get; init; }

    /// <summary>The history.</summary>
    public List<HistoryEntry> History { get; init; } = [];

    /// <summary>The result, once there is one.</summary>
    public string? Output { get; set; }

    /// <summary>Why it failed, once it has.</summary>
    public string? Error { get; set; }

    /// <summary>The last custom status.</summary>
    public string? Status { get; set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => Output is not null || Error is not null;
}
