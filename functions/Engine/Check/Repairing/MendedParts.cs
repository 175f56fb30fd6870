using System.Buffers;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>Stages an object's bytes part by part; nothing can be seen before they are committed.</summary>
internal sealed class MendedParts(IObjectStore store, string name)
{
    /// <summary>The most bytes of a part.</summary>
    public const int PartBytes = 4 << 20;

    private readonly ArrayBufferWriter<byte> _part = new();
    private readonly List<BlockReference> _blocks = [];

    /// <summary>Adds some bytes, at most a part's.</summary>
    public async Task AddAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_part.WrittenCount + bytes.Length > PartBytes) await StageAsync(cancellation);
        _part.Write(bytes.Span);
    }

    /// <summary>Adds some bytes, however many.</summary>
    public async Task AddAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        for (var at = 0; at < bytes.Length; at += PartBytes)
            await AddAsync(
                bytes.Slice(at, Math.Min(PartBytes, bytes.Length - at)), cancellation);
    }

    /// <summary>Makes the object of what was added.</summary>
    public async Task CommitAsync(WriteOptions options, CancellationToken cancellation)
    {
        await StageAsync(cancellation);
        await store.CommitBlocksAsync(name, _blocks, options, cancellation);
    }

    private async Task StageAsync(CancellationToken cancellation)
    {
        if (_part.WrittenCount == 0) return;
        var id = BlockIds.Part(_blocks.Count, Hash256.Of(_part.WrittenSpan));
        await store.StageBlockAsync(name, id, _part.WrittenMemory, cancellation);
        _blocks.Add(new BlockReference(id, false));
        _part.ResetWrittenCount();
    }
}
