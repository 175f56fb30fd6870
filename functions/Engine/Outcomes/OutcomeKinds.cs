namespace SnapshotFunctions.Engine.Outcomes;

/// <summary>The kinds of outcomes that others can follow; each is an event's type.</summary>
public static class OutcomeKinds
{
    /// <summary>What every type begins with.</summary>
    public const string Prefix = "SnapshotFunctions.";

    /// <summary>A snapshot became a version.</summary>
    public const string SnapshotProtected = Prefix + "SnapshotProtected";

    /// <summary>An upload was put aside; the data says why.</summary>
    public const string SnapshotRejected = Prefix + "SnapshotRejected";

    /// <summary>A machine's base stands at another version now.</summary>
    public const string BaseMoved = Prefix + "BaseMoved";

    /// <summary>A restored disk can be used.</summary>
    public const string RestoreReady = Prefix + "RestoreReady";

    /// <summary>A version can no longer be restored.</summary>
    public const string VersionExpired = Prefix + "VersionExpired";

    /// <summary>A verification has found errors.</summary>
    public const string VerifyFailed = Prefix + "VerifyFailed";

    /// <summary>Damaged objects were repaired; the data tells of losses that remain.</summary>
    public const string VerifyRepaired = Prefix + "VerifyRepaired";
}
