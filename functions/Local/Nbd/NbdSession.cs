using System.Buffers;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>
/// The requests of one connection after its handshake: many under way at once, answered as they
/// are done. Ends when the client says so, goes away or breaks the protocol, or the server ends.
/// </summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage(
    "Design", "CA1001", Justification = "A session runs once, and its run disposes of all it has.")]
internal sealed class NbdSession(
    NbdAgreed agreed, NbdInput input, NbdReplies replies, NbdBudget budget, NbdLimits limits,
    NbdTrouble trouble)
{
    private readonly INbdExport _export = agreed.Export;
    private readonly NbdReads _reads = new(agreed.Export, replies, budget, limits);
    private readonly SemaphoreSlim _slots = new(limits.MostRequests, limits.MostRequests);
    private readonly CancellationTokenSource _broken = new();
    private NbdGoneException? _gone;

    /// <summary>Answers until the end; what was asked before that is answered first.</summary>
    /// <param name="stopping">The server is to end: no new requests are read.</param>
    /// <param name="ended">The server has ended: nothing is waited for.</param>
    /// <exception cref="NbdGoneException">The session cannot go on.</exception>
    public async Task RunAsync(CancellationToken stopping, CancellationToken ended)
    {
        using var hard = CancellationTokenSource.CreateLinkedTokenSource(ended, _broken.Token);
        using var soft = CancellationTokenSource.CreateLinkedTokenSource(stopping, hard.Token);
        try
        {
            await TakeAllAsync(soft.Token, hard.Token);
        }
        catch (OperationCanceledException) when (soft.IsCancellationRequested)
        {
            // The end of it: what is under way is waited for below.
        }
        catch (NbdGoneException error)
        {
            Break(error);
        }
        finally
        {
            for (var i = 0; i < limits.MostRequests; i++)
                await _slots.WaitAsync(CancellationToken.None);
            _slots.Dispose();
            _broken.Dispose();
        }
        if (_gone is not null) throw _gone;
    }

    private async Task TakeAllAsync(CancellationToken stopping, CancellationToken ended)
    {
        var header = new byte[NbdWire.RequestBytes];
        while (true)
        {
            await _slots.WaitAsync(stopping);
            var isTaken = false;
            try
            {
                if (!await input.WaitAsync(stopping)) return;
                await input.ReadAsync(header, ended);
                var request = NbdRequest.Read(header)
                    ?? throw new NbdGoneException("a request without its magic number");
                if (request.Command == NbdCommand.Disconnect) return;
                isTaken = await TakeAsync(request, ended);
            }
            finally
            {
                if (!isTaken) _slots.Release();
            }
        }
    }

    /// <summary>Begins a request; false when it is answered already.</summary>
    private async Task<bool> TakeAsync(NbdRequest request, CancellationToken cancellation)
    {
        var refusal = RefusalOf(request);
        if (request.Command == NbdCommand.Write)
            return await TakeWriteAsync(request, refusal, cancellation);
        if (refusal != NbdError.None)
        {
            await replies.FailAsync(request, refusal, WordsOf(refusal), cancellation);
            return false;
        }
        Start(request, () => AnswerAsync(request, cancellation), cancellation);
        return true;
    }

    /// <summary>
    /// Short writes are received and go their way; long ones are received and written a piece at a
    /// time before the next request is looked at, so that memory stays bounded.
    /// </summary>
    private async Task<bool> TakeWriteAsync(
        NbdRequest request, NbdError refusal, CancellationToken cancellation)
    {
        if (request.LengthBytes > (uint)limits.MostPayloadBytes)
            throw new NbdGoneException($"a write of {request.LengthBytes} bytes");
        if (refusal != NbdError.None)
        {
            await input.SkipAsync(request.LengthBytes, cancellation);
            await replies.FailAsync(request, refusal, WordsOf(refusal), cancellation);
            return false;
        }
        var pieceBytes = Math.Min(limits.PieceBytes, (int)request.LengthBytes);
        var share = await budget.TakeAsync(pieceBytes, cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(pieceBytes);
        var isHandedOver = false;
        try
        {
            if (pieceBytes == request.LengthBytes)
            {
                await input.ReadAsync(buffer.AsMemory(0, pieceBytes), cancellation);
                isHandedOver = true;
                Start(request, () => WriteAsync(buffer, share), cancellation);
                return true;
            }
            await WriteLongAsync(request, buffer.AsMemory(0, pieceBytes), cancellation);
            return false;
        }
        finally
        {
            if (!isHandedOver)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                share.Dispose();
            }
        }

        async Task WriteAsync(byte[] content, NbdShare held)
        {
            try
            {
                await _export.WriteAsync(
                    (long)request.Offset, content.AsMemory(0, pieceBytes), cancellation);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(content);
                held.Dispose();
            }
            await CompleteAsync(request, cancellation);
        }
    }

    private async Task WriteLongAsync(
        NbdRequest request, Memory<byte> piece, CancellationToken cancellation)
    {
        Exception? failure = null;
        for (var done = 0L; done < request.LengthBytes;)
        {
            var part = piece[..(int)Math.Min(piece.Length, request.LengthBytes - done)];
            await input.ReadAsync(part, cancellation);
            if (failure is null)
            {
                try
                {
                    await _export.WriteAsync((long)request.Offset + done, part, cancellation);
                }
#pragma warning disable CA1031 // Any error becomes the answer, once the rest has been received.
                catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
                {
                    failure = error;
                }
            }
            done += part.Length;
        }
        await RunAsync(
            request,
            () => failure is null ? CompleteAsync(request, cancellation)
                : Task.FromException(failure),
            cancellation);
    }

    private void Start(
        NbdRequest request, Func<Task> answer, CancellationToken cancellation) =>
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await RunAsync(request, answer, cancellation);
                }
                finally
                {
                    _slots.Release();
                }
            },
            CancellationToken.None);

    /// <summary>Runs an answer; its error is told to the client, or ends the session.</summary>
    private async Task RunAsync(
        NbdRequest request, Func<Task> answer, CancellationToken cancellation)
    {
        try
        {
            try
            {
                await answer();
            }
#pragma warning disable CA1031 // The end of the line for a request: every error is answered.
            catch (Exception error) when (
                error is not (NbdGoneException or OperationCanceledException))
#pragma warning restore CA1031
            {
                var told = trouble.Tell(agreed.Name, request, error);
                await replies.FailAsync(request, told, error.Message, cancellation);
            }
        }
        catch (NbdGoneException error)
        {
            Break(error);
        }
        catch (OperationCanceledException)
        {
            // Nobody is left to be answered.
        }
    }

    private async Task AnswerAsync(NbdRequest request, CancellationToken cancellation)
    {
        var range = new ByteRange(
            (long)request.Offset, (long)request.Offset + request.LengthBytes);
        switch (request.Command)
        {
            case NbdCommand.Read:
                await _reads.AnswerAsync(request, cancellation);
                return;
            case NbdCommand.BlockStatus:
                await StatusAsync(request, range, cancellation);
                return;
            case NbdCommand.Flush:
                await _export.FlushAsync(cancellation);
                break;
            case NbdCommand.Trim:
                await _export.TrimAsync(range, cancellation);
                break;
            case NbdCommand.WriteZeroes:
                await _export.ZeroAsync(
                    range, request.Has(NbdCommandFlags.NoHole), cancellation);
                break;
            default:
                await _export.PrefetchAsync(range, cancellation);
                break;
        }
        await CompleteAsync(request, cancellation);
    }

    private async Task StatusAsync(
        NbdRequest request, ByteRange range, CancellationToken cancellation)
    {
        var most = request.Has(NbdCommandFlags.RequestOne) ? 1 : limits.MostExtents;
        var extents = new List<Extent>();
        await _export.ExtentsAsync(range, most, extents, cancellation);
        var chunk = NbdStatus.ChunkOf(request, extents);
        await replies.Output.SendAsync(chunk, cancellation);
    }

    private async Task CompleteAsync(NbdRequest request, CancellationToken cancellation)
    {
        if (request.Has(NbdCommandFlags.ForceUnitAccess)
            && request.Command is NbdCommand.Write or NbdCommand.Trim or NbdCommand.WriteZeroes)
            await _export.FlushAsync(cancellation);
        await replies.DoneAsync(request, cancellation);
    }

    private NbdError RefusalOf(NbdRequest request) => NbdRules.RefusalOf(
        request, _export, agreed.TellsAllocation, limits.MostPayloadBytes);

    private static string WordsOf(NbdError error) => error switch
    {
        NbdError.NotPermitted => "this export is read-only",
        NbdError.NoSpace => "the range goes past the end of the disk",
        NbdError.NotSupported => "it cannot be done fast",
        _ => "the request makes no sense",
    };

    private void Break(NbdGoneException error)
    {
        if (Interlocked.CompareExchange(ref _gone, error, null) is null) _broken.Cancel();
    }
}
