namespace SnapshotFunctions.LocalTests.Store;

/// <summary>A file's bytes as they are seen, as they are durable, and the writes between.</summary>
internal sealed class FaultyContent
{
    private const int PageBytes = 512;
    private readonly List<(long Offset, byte[] Content)> _unsynced = [];
    private byte[] _seen = [];
    private byte[] _durable = [];

    public long LengthBytes => _seen.Length;

    public int Read(long offset, Span<byte> destination)
    {
        if (offset >= _seen.Length)
            return 0;
        var count = (int)Math.Min(destination.Length, _seen.Length - offset);
        _seen.AsSpan((int)offset, count).CopyTo(destination);
        return count;
    }

    public void Write(long offset, byte[] content)
    {
        _unsynced.Add((offset, content));
        Lay(ref _seen, offset, content);
    }

    /// <summary>An emptied file's old bytes may come back, and with them its old length.</summary>
    public void Truncate()
    {
        _seen = [];
        _unsynced.Clear();
    }

    public void PunchHole(long offset, long lengthBytes)
    {
        var to = Math.Min(_seen.Length, offset + lengthBytes);
        if (to > offset)
            Write(offset, new byte[to - offset]);
    }

    public void Sync()
    {
        _durable = [.. _seen];
        _unsynced.Clear();
    }

    /// <summary>Of what was not synced, each page of each write is there or not, in any order.</summary>
    public void Forget(Random random)
    {
        var content = _durable.ToArray();
        foreach (var (offset, bytes) in _unsynced.OrderBy(_ => random.Next()).ToArray())
        {
            for (var done = 0; done < bytes.Length; done += PageBytes)
            {
                if (random.Next(2) == 0)
                    Lay(ref content, offset + done, bytes.AsSpan(done, Math.Min(PageBytes, bytes.Length - done)));
            }
        }

        _seen = content;
        _durable = [.. content];
        _unsynced.Clear();
    }

    private static void Lay(ref byte[] content, long offset, ReadOnlySpan<byte> bytes)
    {
        if (content.Length < offset + bytes.Length)
            Array.Resize(ref content, (int)offset + bytes.Length);
        bytes.CopyTo(content.AsSpan((int)offset));
    }
}
