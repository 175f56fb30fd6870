using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Routing;

/// <summary>Reads small request bodies.</summary>
internal static class RequestBody
{
    /// <summary>The whole body.</summary>
    /// <exception cref="RefusedException">It is longer than allowed.</exception>
    public static async Task<byte[]> ReadAsync(
        HttpRequest request, int mostBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > mostBytes) throw TooLong(mostBytes);
        using var bytes = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (true)
        {
            var read = await request.Body.ReadAsync(buffer, cancellation);
            if (read == 0) return bytes.ToArray();
            if (bytes.Length + read > mostBytes) throw TooLong(mostBytes);
            bytes.Write(buffer, 0, read);
        }
    }

    private static RefusedException TooLong(int mostBytes) =>
        new("body-length", $"The body is longer than the {mostBytes} bytes that are read here.");
}
