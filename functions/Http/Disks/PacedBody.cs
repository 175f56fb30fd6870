using Microsoft.AspNetCore.Http;

namespace SnapshotFunctions.Http.Disks;

/// <summary>
/// Sends the bytes of an answer, and gives a client up that takes them too slowly: what it has not
/// taken is held in memory, which others wait for.
/// </summary>
internal sealed class PacedBody(
    HttpResponse response, ApiOptions options, TimeProvider time, CancellationToken cancellation)
{
    /// <summary>The host keeps at most this much besides; larger writes it would copy whole.</summary>
    private const int SliceBytes = 64 << 10;

    private static readonly byte[] Zeros = new byte[SliceBytes];

    /// <summary>Sends a piece.</summary>
    /// <exception cref="SlowClientException">The client did not take it in time.</exception>
    public Task SendAsync(Piece piece) => piece.IsZero
        ? SendAsync(ReadOnlyMemory<byte>.Empty, piece.LengthBytes)
        : SendAsync(piece.Bytes, 0);

    /// <summary>Sends some bytes and then some zeros.</summary>
    /// <exception cref="SlowClientException">The client did not take them in time.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes, int zeros)
    {
        var length = bytes.Length + zeros;
        var allowed = options.TimeFor(length);
        using var late = new CancellationTokenSource(allowed, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            late.Token, cancellation);
        try
        {
            for (var at = 0; at < length;)
            {
                var slice = at < bytes.Length
                    ? bytes[at..Math.Min(bytes.Length, at + SliceBytes)]
                    : Zeros.AsMemory(0, Math.Min(SliceBytes, length - at));
                await response.Body.WriteAsync(slice, either.Token);
                at += slice.Length;
            }
        }
        catch (OperationCanceledException)
            when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SlowClientException(length, allowed);
        }
    }
}
