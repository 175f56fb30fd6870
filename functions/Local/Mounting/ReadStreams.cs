using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// Recognizes readers that go through a disk from front to back among all that read it, and says
/// what they will want next. Requests of one reader may overtake each other a little. Thread-safe.
/// </summary>
internal sealed class ReadStreams(long mostAheadBytes)
{
    private const int MostStreams = 16;

    /// <summary>Read in a row before anything is read ahead.</summary>
    private const int LeastRunBytes = 192 << 10;

    /// <summary>How far a request may be from where its reader was, and still be of it.</summary>
    private const int SlackBytes = 2 << 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<Stream> _streams = [];

    /// <summary>Notes a read; the answer is what to read ahead now, empty for nothing.</summary>
    public ByteRange Note(ByteRange read, long sizeBytes)
    {
        lock (_gate)
        {
            var node = _streams.First;
            while (node is not null && !node.Value.Continues(read)) node = node.Next;
            if (node is null)
            {
                _streams.AddFirst(new Stream { End = read.End, Ahead = read.End });
                if (_streams.Count > MostStreams) _streams.RemoveLast();
                return default;
            }
            _streams.Remove(node);
            _streams.AddFirst(node);
            return node.Value.Advance(read, sizeBytes, mostAheadBytes);
        }
    }

    private sealed class Stream
    {
        private long _runBytes;
        private long _aheadBytes = 256 << 10;

        public long End { get; set; }

        public long Ahead { get; set; }

        public bool Continues(ByteRange read) =>
            read.Offset <= End + (SlackBytes / 8) && read.Offset >= End - SlackBytes
            // Far behind where it stands only as one that was overtaken, not as a reader of its own.
            && (read.Offset >= End || _runBytes >= LeastRunBytes);

        public ByteRange Advance(ByteRange read, long sizeBytes, long mostAheadBytes)
        {
            _runBytes += read.Length;
            End = Math.Max(End, read.End);
            Ahead = Math.Max(Ahead, End);
            if (_runBytes < LeastRunBytes || Ahead - End > _aheadBytes / 2) return default;
            _aheadBytes = Math.Min(_aheadBytes * 2, mostAheadBytes);
            var next = new ByteRange(Ahead, Math.Min(sizeBytes, End + _aheadBytes));
            if (next.Length <= 0) return default;
            Ahead = next.End;
            return next;
        }
    }
}
