using System.Buffers;
using System.Buffers.Binary;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>
/// Answers reads a piece at a time, so that a long one holds no more memory than a short one. What
/// the indexes know to be zeros is told as a hole and never read.
/// </summary>
internal sealed class NbdReads(
    INbdExport export, NbdReplies replies, NbdBudget budget, NbdLimits limits)
{
    /// <summary>A data chunk's header and its offset.</summary>
    private const int DataHeadBytes = NbdWire.ChunkBytes + 8;

    /// <summary>A whole hole chunk.</summary>
    private const int HoleBytes = NbdWire.ChunkBytes + 12;

    /// <summary>Room for the heads of the chunks in one message.</summary>
    private const int HeadRoomBytes = 4096;

    /// <summary>Zeros shorter than this are sent as data: a chunk costs more than it saves.</summary>
    private const int LeastHoleBytes = 4096;

    /// <summary>Answers a read that is known to lie on the disk.</summary>
    public async Task AnswerAsync(NbdRequest request, CancellationToken cancellation)
    {
        var range = new ByteRange(
            (long)request.Offset, (long)request.Offset + request.LengthBytes);
        if (!replies.IsStructured)
        {
            await AnswerSimplyAsync(request, range, cancellation);
            return;
        }
        var isWhole = request.Has(NbdCommandFlags.DoNotFragment);
        if (isWhole && range.Length > limits.PieceBytes)
        {
            await replies.FailAsync(
                request, NbdError.Overflow, "too long for one chunk", cancellation);
            return;
        }
        if (isWhole || range.Length <= export.PreferredBytes)
        {
            await AnswerWholeAsync(request, range, cancellation);
            return;
        }
        var extents = new List<Extent>();
        for (var at = range.Offset; at < range.End;)
        {
            extents.Clear();
            await export.ExtentsAsync(
                range with { Offset = at }, limits.MostExtents, extents, cancellation);
            foreach (var message in Messages(extents))
            {
                await SendAsync(request, range, message, cancellation);
                at = message[^1].Range.End;
            }
        }
    }

    /// <summary>Cuts extents into messages of bounded data.</summary>
    private IEnumerable<List<Extent>> Messages(List<Extent> extents)
    {
        var message = new List<Extent>();
        var (dataBytes, headBytes) = (0L, 0);
        foreach (var extent in extents)
        {
            var isHole = extent.Kind != ExtentKind.Data && extent.Range.Length >= LeastHoleBytes;
            for (var at = extent.Range.Offset; at < extent.Range.End;)
            {
                var room = isHole ? uint.MaxValue : limits.PieceBytes - dataBytes;
                if (room == 0 || headBytes + HoleBytes > HeadRoomBytes)
                {
                    yield return message;
                    message = [];
                    (dataBytes, headBytes) = (0, 0);
                    continue;
                }
                var end = Math.Min(extent.Range.End, at + room);
                message.Add(new Extent(
                    new ByteRange(at, end), isHole ? ExtentKind.Zero : ExtentKind.Data));
                dataBytes += isHole ? 0 : end - at;
                headBytes += isHole ? HoleBytes : DataHeadBytes;
                at = end;
            }
        }
        if (message.Count > 0) yield return message;
    }

    private async Task SendAsync(
        NbdRequest request, ByteRange range, List<Extent> message,
        CancellationToken cancellation)
    {
        var length = HeadRoomBytes;
        foreach (var extent in message)
            length += extent.Kind == ExtentKind.Data ? (int)extent.Range.Length : 0;
        using var share = await budget.TakeAsync(length, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var at = 0;
            foreach (var (part, kind) in message)
            {
                var isLast = part.End == range.End;
                if (kind == ExtentKind.Data)
                {
                    var count = (int)part.Length;
                    PutData(buffer.AsSpan(at), request, part.Offset, count, isLast);
                    await export.ReadAsync(
                        part.Offset, buffer.AsMemory(at + DataHeadBytes, count), cancellation);
                    at += DataHeadBytes + count;
                    continue;
                }
                PutHole(buffer.AsSpan(at), request, part, isLast);
                at += HoleBytes;
            }
            await replies.Output.SendAsync(buffer.AsMemory(0, at), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>One chunk: read first, a hole when it turns out to be zeros.</summary>
    private async Task AnswerWholeAsync(
        NbdRequest request, ByteRange range, CancellationToken cancellation)
    {
        var count = (int)range.Length;
        using var share = await budget.TakeAsync(count + DataHeadBytes, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(count + DataHeadBytes + HoleBytes);
        try
        {
            var data = buffer.AsMemory(DataHeadBytes, count);
            await export.ReadAsync(range.Offset, data, cancellation);
            if (count >= LeastHoleBytes && !data.Span.ContainsAnyExcept((byte)0))
            {
                PutHole(buffer, request, range, isLast: true);
                await replies.Output.SendAsync(buffer.AsMemory(0, HoleBytes), cancellation);
                return;
            }
            PutData(buffer, request, range.Offset, count, isLast: true);
            await replies.Output.SendAsync(
                buffer.AsMemory(0, DataHeadBytes + count), cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// The header says that all went well before the last piece is read: an error after that can
    /// only end the session.
    /// </summary>
    private async Task AnswerSimplyAsync(
        NbdRequest request, ByteRange range, CancellationToken cancellation)
    {
        var most = Math.Min(limits.PieceBytes, (int)range.Length);
        using var share = await budget.TakeAsync(
            most + NbdWire.SimpleReplyBytes, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(most + NbdWire.SimpleReplyBytes);
        try
        {
            await export.ReadAsync(
                range.Offset, buffer.AsMemory(NbdWire.SimpleReplyBytes, most), cancellation);
            NbdReplies.PutSimple(buffer, request.Cookie, NbdError.None);
            await replies.Output.BeginAsync(cancellation);
            try
            {
                await replies.Output.WriteAsync(
                    buffer.AsMemory(0, NbdWire.SimpleReplyBytes + most), cancellation);
                await SendRestAsync(range with { Offset = range.Offset + most }, buffer, most);
            }
            finally
            {
                replies.Output.End();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        async Task SendRestAsync(ByteRange rest, byte[] piece, int pieceBytes)
        {
            for (var at = rest.Offset; at < rest.End;)
            {
                var count = (int)Math.Min(pieceBytes, rest.End - at);
                try
                {
                    await export.ReadAsync(at, piece.AsMemory(0, count), cancellation);
                }
#pragma warning disable CA1031 // Whatever it is: the answer has said already that there is none.
                catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    throw new NbdGoneException("a read failed after its answer had begun", error);
                }
                await replies.Output.WriteAsync(piece.AsMemory(0, count), cancellation);
                at += count;
            }
        }
    }

    private static void PutData(
        Span<byte> target, NbdRequest request, long offset, int count, bool isLast)
    {
        NbdReplies.PutChunk(target, NbdChunk.OffsetData, request.Cookie, count + 8, isLast);
        BinaryPrimitives.WriteInt64BigEndian(target[NbdWire.ChunkBytes..], offset);
    }

    private static void PutHole(
        Span<byte> target, NbdRequest request, ByteRange range, bool isLast)
    {
        NbdReplies.PutChunk(target, NbdChunk.OffsetHole, request.Cookie, 12, isLast);
        BinaryPrimitives.WriteInt64BigEndian(target[NbdWire.ChunkBytes..], range.Offset);
        BinaryPrimitives.WriteUInt32BigEndian(
            target[(NbdWire.ChunkBytes + 8)..], (uint)range.Length);
    }
}
