using System.Buffers;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// One disk at one version as a readable disk. Reads may run side by side and beside operations
/// that move bases: what is overtaken is resolved anew, so a reader sees the version's bytes or a
/// typed error, never bytes of another version.
/// </summary>
public sealed class DiskView
{
    private readonly ShardResolver _resolver;
    private readonly Func<CancellationToken, Task<Manifest>> _load;
    private readonly TimeProvider _time;
    private readonly ViewOptions _options;
    private readonly LinkedList<(int Shard, Task<ShardView> View)> _shards = [];
    private readonly TimeSpan _freshFor;
    private Manifest _manifest;
    private DateTimeOffset _loaded;
    private bool _stale;
    private long _overtaken;

    internal DiskView(
        Manifest manifest, VersionRecord version, VersionDisk disk, ShardResolver resolver,
        Func<CancellationToken, Task<Manifest>> load, TimeProvider time, ViewOptions options)
    {
        _manifest = manifest;
        _loaded = time.GetUtcNow();
        _freshFor = TimeSpan.FromSeconds(manifest.Head.Policy.GraceSeconds / 4.0);
        _resolver = resolver;
        _load = load;
        _time = time;
        _options = options;
        Machine = manifest.Machine;
        Version = version.Number;
        Disk = disk;
        Layout = manifest.Head.Layout;
    }

    /// <summary>The machine.</summary>
    public string Machine { get; }

    /// <summary>The version it shows.</summary>
    public int Version { get; }

    /// <summary>The disk as the version has it.</summary>
    public VersionDisk Disk { get; }

    /// <summary>The sizes the machine is cut by.</summary>
    public Layout Layout { get; }

    /// <summary>The disk's size in bytes.</summary>
    public long SizeBytes => Disk.SizeBytes;

    /// <summary>Reads that found the base replaced or an object gone and began anew.</summary>
    public long Overtaken => Interlocked.Read(ref _overtaken);

    /// <summary>Fills the destination from an offset on; beyond the disk's end are zeros.</summary>
    public async Task ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        while (!destination.IsEmpty)
        {
            if (offset >= SizeBytes)
            {
                destination.Span.Clear();
                return;
            }
            var shard = (int)(offset / Layout.ShardBytes);
            var inShard = offset % Layout.ShardBytes;
            var window = (long)_options.WindowBlocks * Layout.BlockBytes;
            var length = (int)Math.Min(
                Math.Min(destination.Length, Layout.ShardBytes - inShard),
                window - (inShard % Layout.BlockBytes));
            await ReadInShardAsync(shard, inShard, destination[..length], cancellation);
            offset += length;
            destination = destination[length..];
        }
    }

    /// <summary>Runs something on a shard's resolved view, again when it is overtaken.</summary>
    public async Task<T> OnShardAsync<T>(
        int shard, Func<ShardView, Task<T>> action, CancellationToken cancellation)
    {
        var isLookedAgain = false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await action(await ShardAsync(shard, cancellation));
            }
            catch (ObjectArchivedException) when (!isLookedAgain)
            {
                // The manifest as it stands now may list a copy of it, or no longer need it.
                isLookedAgain = true;
                await ForgetAsync(shard, attempt: 1, cancellation);
            }
            catch (StoreException error) when (
                error is OvertakenException or ObjectNotFoundException
                && attempt < _options.MostAttempts)
            {
                // The base moved on or a delta was swept: what was resolved is of the past.
                Interlocked.Increment(ref _overtaken);
                await ForgetAsync(shard, attempt, cancellation);
            }
        }
    }

    private async Task ReadInShardAsync(
        int shard, long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        var first = (int)(offset / Layout.BlockBytes);
        var last = (int)((offset + destination.Length - 1) / Layout.BlockBytes);
        var blocks = new int[last - first + 1];
        for (var i = 0; i < blocks.Length; i++) blocks[i] = first + i;
        var skip = (int)(offset - ((long)first * Layout.BlockBytes));
        var whole = blocks.Length * Layout.BlockBytes;
        if (skip == 0 && whole == destination.Length)
        {
            await ReadBlocksAsync(shard, blocks, destination, cancellation);
            return;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(whole);
        try
        {
            await ReadBlocksAsync(shard, blocks, buffer.AsMemory(0, whole), cancellation);
            buffer.AsSpan(skip, destination.Length).CopyTo(destination.Span);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Task<bool> ReadBlocksAsync(
        int shard, int[] blocks, Memory<byte> destination, CancellationToken cancellation) =>
        OnShardAsync(
            shard,
            async view =>
            {
                await view.ReadBlocksAsync(blocks, destination, cancellation);
                return true;
            },
            cancellation);

    private async Task<ShardView> ShardAsync(int shard, CancellationToken cancellation)
    {
        Task<ShardView> opening;
        lock (_shards)
        {
            var now = _time.GetUtcNow();
            if (now - _loaded > _freshFor)
            {
                // A view that lives long looks again well before the grace period could end.
                _shards.Clear();
                _stale = true;
                _loaded = now;
            }
            var node = _shards.First;
            while (node is not null && node.Value.Shard != shard) node = node.Next;
            if (node is null)
            {
                node = new LinkedListNode<(int, Task<ShardView>)>(
                    (shard, OpenAsync(shard, CancellationToken.None)));
                if (_shards.Count >= _options.MostShards) _shards.RemoveLast();
            }
            else
            {
                _shards.Remove(node);
            }
            _shards.AddFirst(node);
            opening = node.Value.View;
        }
        try
        {
            // Other readers may wait for the same shard: one that gives up does not end it.
            return await opening.WaitAsync(cancellation);
        }
        catch when (opening.IsFaulted)
        {
            lock (_shards) Remove(shard);
            throw;
        }
    }

    private void Remove(int shard)
    {
        var node = _shards.First;
        while (node is not null && node.Value.Shard != shard) node = node.Next;
        if (node is not null) _shards.Remove(node);
    }

    private async Task<ShardView> OpenAsync(int shard, CancellationToken cancellation)
    {
        await Task.Yield();
        for (var attempt = 1; ; attempt++)
        {
            var manifest = await ManifestAsync(cancellation);
            var view = await _resolver.TryOpenAsync(
                manifest, new ShardKey(Machine, Disk.Name, shard), Version, cancellation);
            if (view is not null) return view;
            if (attempt == _options.MostAttempts)
                throw new OvertakenException(
                    ObjectNames.Base(new ShardKey(Machine, Disk.Name, shard)),
                    "its footer names an operation that the manifest does not know");
            Interlocked.Increment(ref _overtaken);
            lock (_shards) _stale = true;
        }
    }

    private async Task<Manifest> ManifestAsync(CancellationToken cancellation)
    {
        lock (_shards)
        {
            if (!_stale) return _manifest;
        }
        var time = _time.GetUtcNow();
        var manifest = await _load(cancellation);
        var version = await manifest.FindVersionAsync(Version, cancellation);
        if (version is null || version.State != VersionState.Ready)
            throw new NoSuchException(
                $"version {Version} of '{Machine}' any more", "It was withdrawn or has expired.");
        lock (_shards)
        {
            _manifest = manifest;
            _loaded = time;
            _stale = false;
        }
        return manifest;
    }

    private async Task ForgetAsync(int shard, int attempt, CancellationToken cancellation)
    {
        lock (_shards)
        {
            Remove(shard);
            _stale = true;
        }
        if (attempt > 3)
            await Task.Delay(TimeSpan.FromMilliseconds(5 << attempt), _time, cancellation);
    }
}
