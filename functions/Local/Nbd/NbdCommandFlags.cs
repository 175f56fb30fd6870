namespace SnapshotFunctions.Local.Nbd;

/// <summary>Flags of a request.</summary>
[Flags]
internal enum NbdCommandFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Durable before it is answered.</summary>
    ForceUnitAccess = 1,

    /// <summary>Zeros that are stored, no hole.</summary>
    NoHole = 2,

    /// <summary>The answer in one chunk.</summary>
    DoNotFragment = 4,

    /// <summary>One extent alone.</summary>
    RequestOne = 8,

    /// <summary>Zeros only if that is quicker than writing them.</summary>
    FastZero = 16,
}
