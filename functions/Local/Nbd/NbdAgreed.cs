namespace SnapshotFunctions.Local.Nbd;

/// <summary>What a handshake came to.</summary>
/// <param name="Export">The export.</param>
/// <param name="Name">The name it was asked for by.</param>
/// <param name="IsStructured">Whether answers come in chunks.</param>
/// <param name="TellsAllocation">Whether block status may be asked for.</param>
internal sealed record NbdAgreed(
    INbdExport Export, string Name, bool IsStructured, bool TellsAllocation)
{
    /// <summary>What the export can do for this client.</summary>
    public NbdExportFlags Flags
    {
        get
        {
            var flags = NbdExportFlags.HasFlags | NbdExportFlags.SendFlush
                | NbdExportFlags.CanMultiConnect | NbdExportFlags.SendCache;
            flags |= Export.IsWritable
                ? NbdExportFlags.SendForceUnitAccess | NbdExportFlags.SendTrim
                    | NbdExportFlags.SendWriteZeroes | NbdExportFlags.SendFastZero
                : NbdExportFlags.ReadOnly;
            return IsStructured ? flags | NbdExportFlags.SendDoNotFragment : flags;
        }
    }
}
