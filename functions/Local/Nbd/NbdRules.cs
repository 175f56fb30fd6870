namespace SnapshotFunctions.Local.Nbd;

/// <summary>What a request may ask.</summary>
internal static class NbdRules
{
    private const NbdCommandFlags StoredAndFast =
        NbdCommandFlags.NoHole | NbdCommandFlags.FastZero;

    /// <summary>Why a request is refused; None when it is not.</summary>
    /// <param name="request">The request.</param>
    /// <param name="export">What it is asked of.</param>
    /// <param name="tellsAllocation">Whether block status was agreed on.</param>
    /// <param name="mostBytes">The longest read or write.</param>
    public static NbdError RefusalOf(
        NbdRequest request, INbdExport export, bool tellsAllocation, int mostBytes)
    {
        if (!IsKnown(request.Command)
            || (request.Flags & ~AllowedFor(request.Command)) != NbdCommandFlags.None)
            return NbdError.Invalid;
        if (request.Command == NbdCommand.Flush) return NbdError.None;
        var changes = request.Command
            is NbdCommand.Write or NbdCommand.Trim or NbdCommand.WriteZeroes;
        if (changes && !export.IsWritable) return NbdError.NotPermitted;
        if (!request.FitsIn(export.SizeBytes))
        {
            return request.Command is NbdCommand.Write or NbdCommand.WriteZeroes
                ? NbdError.NoSpace : NbdError.Invalid;
        }
        return request switch
        {
            { LengthBytes: 0 } => NbdError.Invalid,
            { Command: NbdCommand.Read } when request.LengthBytes > (uint)mostBytes =>
                NbdError.Invalid,
            { Command: NbdCommand.BlockStatus } when !tellsAllocation => NbdError.Invalid,
            // Zeros that must be stored are written like any data.
            { Command: NbdCommand.WriteZeroes, Flags: var flags }
                when (flags & StoredAndFast) == StoredAndFast => NbdError.NotSupported,
            _ => NbdError.None,
        };
    }

    private static bool IsKnown(NbdCommand command) =>
        command is >= NbdCommand.Read and <= NbdCommand.BlockStatus;

    /// <summary>Force unit access is understood wherever it means nothing too.</summary>
    private static NbdCommandFlags AllowedFor(NbdCommand command) =>
        NbdCommandFlags.ForceUnitAccess | command switch
        {
            NbdCommand.Read => NbdCommandFlags.DoNotFragment,
            NbdCommand.WriteZeroes => NbdCommandFlags.NoHole | NbdCommandFlags.FastZero,
            NbdCommand.BlockStatus => NbdCommandFlags.RequestOne,
            _ => NbdCommandFlags.None,
        };
}
