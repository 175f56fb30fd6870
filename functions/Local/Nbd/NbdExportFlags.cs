namespace SnapshotFunctions.Local.Nbd;

/// <summary>What an export can do.</summary>
[Flags]
internal enum NbdExportFlags : ushort
{
    /// <summary>Always set.</summary>
    HasFlags = 1,

    /// <summary>It cannot be written to.</summary>
    ReadOnly = 2,

    /// <summary>Flush is understood.</summary>
    SendFlush = 4,

    /// <summary>Force unit access is understood.</summary>
    SendForceUnitAccess = 8,

    /// <summary>Trim is understood.</summary>
    SendTrim = 32,

    /// <summary>Write zeroes is understood.</summary>
    SendWriteZeroes = 64,

    /// <summary>Do not fragment is understood.</summary>
    SendDoNotFragment = 128,

    /// <summary>A flush on one connection holds for what all have written.</summary>
    CanMultiConnect = 256,

    /// <summary>Cache is understood.</summary>
    SendCache = 1024,

    /// <summary>Fast zero is understood.</summary>
    SendFastZero = 2048,
}
