using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs.Models;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// Sends Put Block List. The SDK's own CommitBlockList names every block as Latest, with which a
/// late worker that stages an id again would swap its bytes in; the service itself can be told
/// Committed or Uncommitted, so this request is written here and sent through the SDK's pipeline.
/// </summary>
internal sealed class BlockListRequest(HttpPipeline pipeline, string serviceVersion)
{
    private const int Created = 201;

    private static ReadOnlySpan<byte> Head => "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>"u8;

    private static ReadOnlySpan<byte> Tail => "</BlockList>"u8;

    /// <summary>Commits a block list; answers the new ETag and when it was committed.</summary>
    /// <exception cref="RequestFailedException">The service answered with an error.</exception>
    public async Task<(ETag ETag, DateTimeOffset Modified)> SendAsync(
        Uri blob, string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        AccessTier? tier, CancellationToken cancellation)
    {
        var body = ArrayPool<byte>.Shared.Rent(BodyBytes(name, blocks));
        try
        {
            var length = Write(blocks, body);
            using var message = pipeline.CreateMessage();
            Fill(message.Request, blob, options, tier, length);
            message.Request.Content = RequestContent.Create(body.AsMemory(0, length));
            await pipeline.SendAsync(message, cancellation);
            var response = message.Response;
            return response.Status == Created
                ? (response.Headers.ETag ?? default, Modified(response))
                : throw new RequestFailedException(response);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private void Fill(
        Request request, Uri blob, WriteOptions options, AccessTier? tier, int length)
    {
        request.Method = RequestMethod.Put;
        request.Uri.Reset(blob);
        request.Uri.AppendQuery("comp", "blocklist");
        request.Headers.Add("x-ms-version", serviceVersion);
        request.Headers.Add("Accept", "application/xml");
        request.Headers.Add("Content-Type", "application/xml");
        request.Headers.Add("Content-Length", length.ToString());
        if (options.IfMatch is { } etag)
            request.Headers.Add("If-Match", new ETag(etag).ToString("H"));
        if (options.IfAbsent)
            request.Headers.Add("If-None-Match", "*");
        if (tier is { } named)
            request.Headers.Add("x-ms-access-tier", named.ToString());
        foreach (var (key, value) in options.Metadata ?? WriteMetadata.None)
            request.Headers.Add($"x-ms-meta-{key}", value);
    }

    private static DateTimeOffset Modified(Response response) =>
        response.Headers.TryGetValue("Last-Modified", out var text)
        && DateTimeOffset.TryParse(text, out var modified)
            ? modified
            : default;

    /// <summary>The body's exact length; checks the ids on the way, which go in unescaped.</summary>
    private static int BodyBytes(string name, IReadOnlyList<BlockReference> blocks)
    {
        var bytes = Head.Length + Tail.Length;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (!Base64.IsValid(blocks[i].Id))
                throw new StoreRefusedException(name, $"block {i}'s id is not base 64");
            bytes += (2 * Word(blocks[i]).Length) + "<></>".Length + blocks[i].Id.Length;
        }

        return bytes;
    }

    private static int Write(IReadOnlyList<BlockReference> blocks, Span<byte> body)
    {
        var at = 0;
        Append(Head, body, ref at);
        for (var i = 0; i < blocks.Count; i++)
        {
            var word = Word(blocks[i]);
            Append("<"u8, body, ref at);
            Append(word, body, ref at);
            Append(">"u8, body, ref at);
            at += Encoding.ASCII.GetBytes(blocks[i].Id, body[at..]);
            Append("</"u8, body, ref at);
            Append(word, body, ref at);
            Append(">"u8, body, ref at);
        }

        Append(Tail, body, ref at);
        return at;
    }

    private static void Append(ReadOnlySpan<byte> text, Span<byte> body, ref int at)
    {
        text.CopyTo(body[at..]);
        at += text.Length;
    }

    private static ReadOnlySpan<byte> Word(BlockReference block) =>
        block.Committed ? "Committed"u8 : "Uncommitted"u8;
}
