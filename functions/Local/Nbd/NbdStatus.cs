using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>Writes answers about block status.</summary>
internal static class NbdStatus
{
    /// <summary>The chunk that tells of extents; neighbours of one kind are told as one.</summary>
    public static ReadOnlyMemory<byte> ChunkOf(NbdRequest request, List<Extent> extents)
    {
        var chunk = new byte[NbdWire.ChunkBytes + 4 + (8 * extents.Count)];
        BinaryPrimitives.WriteUInt32BigEndian(
            chunk.AsSpan(NbdWire.ChunkBytes), NbdWire.AllocationId);
        var end = NbdWire.ChunkBytes + 4;
        var (lengthBytes, state) = (0L, uint.MaxValue);
        foreach (var (range, kind) in extents)
        {
            var next = kind == ExtentKind.Data ? 0 : NbdWire.StateHole | NbdWire.StateZero;
            if (next == state)
            {
                end -= 8;
                lengthBytes += range.Length;
            }
            else
            {
                (lengthBytes, state) = (range.Length, next);
            }
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(end), (uint)lengthBytes);
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(end + 4), state);
            end += 8;
        }
        NbdReplies.PutChunk(
            chunk, NbdChunk.BlockStatus, request.Cookie, end - NbdWire.ChunkBytes, isLast: true);
        return chunk.AsMemory(0, end);
    }
}
