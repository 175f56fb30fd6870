namespace SnapshotFunctions.Http.Disks;

/// <summary>What the conditions of a request come to.</summary>
internal enum ConditionVerdict
{
    /// <summary>It is answered.</summary>
    Proceed,

    /// <summary>304: the client has it already.</summary>
    NotModified,

    /// <summary>412: the client wants another state than the one that stands.</summary>
    Failed,
}
