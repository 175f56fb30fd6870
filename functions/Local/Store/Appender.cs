using System.IO.Hashing;

namespace SnapshotFunctions.Local.Store;

/// <summary>
/// This process's right to append to one data file, and what it has staged there. Headers are
/// written in turn, so that the walk from header to header never meets a gap; the bytes follow
/// side by side. Dropping an appender loses nothing: its blocks are found again by that walk.
/// </summary>
internal sealed class Appender(
    Guid id, IFile file, IDisposable claim, long start, int pagedFromBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, BlockRecord> _staged = new(StringComparer.Ordinal);
    private readonly long _start = start;
    private long _next = start;
    private int _inFlight;
    private bool _retired;

    internal Guid Id => id;

    internal IFile File => file;

    /// <summary>What lies before this place was staged by others, or before a restart.</summary>
    internal long Start => _start;

    /// <summary>Where the next block will lie.</summary>
    internal long Next
    {
        get
        {
            lock (_lock)
                return _next;
        }
    }

    internal Dictionary<string, BlockRecord> Staged
    {
        get
        {
            lock (_lock)
                return new Dictionary<string, BlockRecord>(_staged, StringComparer.Ordinal);
        }
    }

    /// <summary>Begins a use of the file; false when it was retired before.</summary>
    internal bool TryEnter()
    {
        lock (_lock)
        {
            if (_retired)
                return false;
            _inFlight++;
            return true;
        }
    }

    /// <summary>Ends a use; the last one out of a retired appender gives the file up.</summary>
    internal void Leave()
    {
        lock (_lock)
        {
            if (--_inFlight > 0 || !_retired)
                return;
        }

        Close();
    }

    /// <summary>Takes no new blocks; the file is given up when those under way have ended.</summary>
    internal void Retire()
    {
        lock (_lock)
        {
            if (_retired)
                return;
            _retired = true;
            if (_inFlight > 0)
                return;
        }

        Close();
    }

    /// <summary>An id of another length among the blocks staged here, else null.</summary>
    internal BlockRecord? OfOtherLength(string blockId)
    {
        lock (_lock)
        {
            foreach (var (other, record) in _staged)
            {
                if (Convert.FromBase64String(other).Length != Convert.FromBase64String(blockId).Length)
                    return record;
            }
        }

        return null;
    }

    internal void Append(string blockId, ReadOnlySpan<byte> content, long nowTicks)
    {
        var hash = XxHash128.HashToUInt128(content);
        Span<byte> header = stackalloc byte[BlockRecord.HeaderBytes];
        BlockRecord record;
        lock (_lock)
        {
            var place = content.Length < pagedFromBytes
                ? _next : BlockRecord.PagedPlace(_next);
            if (place > _next)
            {
                BlockRecord.Padding(_next, place, nowTicks).Encode(header);
                file.Write(_next, header);
            }
            record = new BlockRecord(
                blockId, place + BlockRecord.HeaderBytes, content.Length, nowTicks, hash);
            record.Encode(header);
            file.Write(place, header);
            _next = record.End;
        }

        file.Write(record.Offset, content);
        lock (_lock)
        {
            // Of one id staged twice at once either may stand; one after the other, the later.
            if (!_staged.TryGetValue(blockId, out var other) || other.Offset < record.Offset)
                _staged[blockId] = record;
        }
    }

    private void Close()
    {
        file.Dispose();
        claim.Dispose();
    }
}
