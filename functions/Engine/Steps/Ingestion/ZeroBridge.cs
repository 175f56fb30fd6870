namespace SnapshotFunctions.Engine.Steps.Ingestion;

/// <summary>
/// Knows whether all blocks between two that became zero are zero as well, so that one run may
/// span them. A window that was passed over is not known, and ends a run.
/// </summary>
internal sealed class ZeroBridge
{
    private ulong _nonZero;
    private int _first;
    private int _end;
    private int _runEnd = -1;

    /// <summary>Begins a window.</summary>
    public void Enter(WindowOutcome window)
    {
        if (window.FirstBlock != _end) _runEnd = -1;
        _nonZero = window.NonZero;
        _first = window.FirstBlock;
    }

    /// <summary>Whether a run of zeros before a block goes on to it.</summary>
    public bool Reaches(in IngestedBlock block)
    {
        if (!block.Hash.IsZero)
        {
            _runEnd = -1;
            return false;
        }
        var reaches = _runEnd >= 0 && IsZeroBetween(_runEnd, block.Block);
        _runEnd = block.Block + 1;
        return reaches;
    }

    /// <summary>Ends a window.</summary>
    public void Leave(WindowOutcome window)
    {
        _end = window.FirstBlock + window.Count;
        if (_runEnd >= 0 && !IsZeroBetween(_runEnd, _end)) _runEnd = -1;
    }

    private bool IsZeroBetween(int from, int to)
    {
        for (var block = Math.Max(from, _first); block < to; block++)
            if ((_nonZero >> (block - _first) & 1) != 0) return false;
        return true;
    }
}
