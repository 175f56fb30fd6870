namespace SnapshotFunctions.SimulationTests.Sharing;

/// <summary>
/// A disk of which many blocks are equal: contents are taken from a few, copied about and written
/// over. Some compress and some do not, so that frames differ in length and segments in number.
/// </summary>
internal sealed class EqualDisk
{
    public const int BlockBytes = 1024;

    private readonly Random _random;
    private readonly List<byte[]> _contents = [];
    private byte[] _disk;

    public EqualDisk(Random random, int blocks)
    {
        _random = random;
        _disk = new byte[blocks * BlockBytes];
        for (var i = 0; i < 4; i++) _contents.Add(NewContent());
        for (var block = 0; block < blocks; block++) Write(block, Any());
    }

    /// <summary>Whether blocks may become zero.</summary>
    public bool HasZeros { get; init; } = true;

    /// <summary>The disk as it is now.</summary>
    public byte[] Content => (byte[])_disk.Clone();

    private int Blocks => _disk.Length / BlockBytes;

    /// <summary>Some edits.</summary>
    public void Change()
    {
        if (_random.Next(2) == 0) _contents[_random.Next(_contents.Count)] = NewContent();
        for (var left = _random.Next(1, 6); left > 0; left--)
        {
            var block = _random.Next(Blocks);
            switch (_random.Next(6))
            {
                case 0:
                    for (var n = _random.Next(2, 10); n > 0; n--)
                        Write(_random.Next(Blocks), _contents[0]);
                    break;
                case 1:
                    Write(block, Read(_random.Next(Blocks)));
                    break;
                case 2:
                    CopyRange();
                    break;
                case 3:
                    Write(block, NewContent());
                    break;
                case 4 when HasZeros:
                    Write(block, new byte[BlockBytes]);
                    break;
                default:
                    Write(block, Any());
                    break;
            }
        }
    }

    private void CopyRange()
    {
        var length = _random.Next(1, Blocks / 2) * BlockBytes;
        var from = _random.Next((_disk.Length - length) / BlockBytes) * BlockBytes;
        var to = _random.Next((_disk.Length - length) / BlockBytes) * BlockBytes;
        _disk.AsSpan(from, length).CopyTo(_disk.AsSpan(to));
    }

    private byte[] Any() => _random.Next(3) == 0
        ? NewContent() : _contents[_random.Next(_contents.Count)];

    private byte[] NewContent()
    {
        var content = new byte[BlockBytes];
        var noise = _random.Next(3) == 0 ? BlockBytes : _random.Next(1, 600);
        _random.NextBytes(content.AsSpan(0, noise));
        return content;
    }

    private byte[] Read(int block) =>
        _disk.AsSpan(block * BlockBytes, BlockBytes).ToArray();

    private void Write(int block, byte[] content) =>
        content.CopyTo(_disk.AsSpan(block * BlockBytes));
}
