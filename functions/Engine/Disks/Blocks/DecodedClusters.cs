using System.Buffers;

namespace SnapshotFunctions.Engine.Disks.Blocks;

/// <summary>
/// The clusters unpacked last, so that reading one in parts unpacks it once. Content is copied out
/// under the lock: a buffer that makes room may then be used again at once.
/// </summary>
internal sealed class DecodedClusters : IDisposable
{
    private const int CapacityBytes = 8 << 20;
    private const int MostClusters = 64;
    private readonly int _clusterBytes;
    private readonly int _capacity;
    private readonly Lock _lock = new();
    private readonly LinkedList<(long Host, byte[] Bytes)> _recent = [];

    /// <summary>A cache for clusters of one size.</summary>
    public DecodedClusters(int clusterBytes)
    {
        _clusterBytes = clusterBytes;
        _capacity = Math.Min(CapacityBytes / clusterBytes, MostClusters);
    }

    /// <summary>Copies a part of a cluster, if it is here.</summary>
    public bool TryCopy(long host, int inCluster, Span<byte> destination)
    {
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Host != host)
                    continue;
                node.Value.Bytes.AsSpan(inCluster, destination.Length).CopyTo(destination);
                _recent.Remove(node);
                _recent.AddFirst(node);
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Keeps a cluster in a buffer that was rented; it belongs to the cache from here on.
    /// </summary>
    public void Add(long host, byte[] rented)
    {
        byte[]? free = null;
        lock (_lock)
        {
            _recent.AddFirst((host, rented));
            if (_recent.Count > _capacity)
            {
                free = _recent.Last!.Value.Bytes;
                _recent.RemoveLast();
            }
        }

        if (free is not null)
            ArrayPool<byte>.Shared.Return(free);
    }

    /// <summary>A buffer for one cluster.</summary>
    public byte[] Rent() => ArrayPool<byte>.Shared.Rent(_clusterBytes);

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var (_, bytes) in _recent)
                ArrayPool<byte>.Shared.Return(bytes);
            _recent.Clear();
        }
    }
}
