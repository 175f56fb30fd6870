using System.Buffers;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs.Models;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// Sends Put Blob, Put Block and Put Block List through the SDK's pipeline, which signs, retries
/// and logs them. They are written here for two reasons. The SDK's own CommitBlockList names every
/// block as Latest, with which a late worker that stages an id again would swap its bytes in; the
/// service itself can be told Committed or Uncommitted. And the SDK checks bytes only inside a
/// framed body that Azurite does not know, where both know a CRC64 in a header.
/// </summary>
internal sealed class BlobWrites(HttpPipeline pipeline, string serviceVersion)
{
    private const int Created = 201;
    private const string Bytes = "application/octet-stream";
    private const string Xml = "application/xml";

    private static ReadOnlySpan<byte> Head =>
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>"u8;

    private static ReadOnlySpan<byte> Tail => "</BlockList>"u8;

    /// <summary>Writes a whole blob; answers the new ETag and when it was written.</summary>
    /// <exception cref="RequestFailedException">The service answered with an error.</exception>
    public async Task<(ETag ETag, DateTimeOffset Modified)> PutAsync(
        Uri blob, ReadOnlyMemory<byte> content, WriteOptions options, AccessTier? tier,
        CancellationToken cancellation)
    {
        using var message = Message(blob, content, Bytes);
        message.Request.Headers.Add("x-ms-blob-type", "BlockBlob");
        Add(message.Request, options, tier);
        return await SendAsync(message, cancellation);
    }

    /// <summary>Stages a block.</summary>
    /// <exception cref="RequestFailedException">The service answered with an error.</exception>
    public async Task StageAsync(
        Uri blob, string blockId, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        using var message = Message(blob, content, Bytes);
        message.Request.Uri.AppendQuery("comp", "block");
        message.Request.Uri.AppendQuery("blockid", blockId, escapeValue: true);
        await SendAsync(message, cancellation);
    }

    /// <summary>
    /// Commits a block list; answers the new ETag and when it was committed. Ids are base 64,
    /// checked before, and need no escaping in XML.
    /// </summary>
    /// <exception cref="RequestFailedException">The service answered with an error.</exception>
    public async Task<(ETag ETag, DateTimeOffset Modified)> CommitAsync(
        Uri blob, IReadOnlyList<BlockReference> blocks, WriteOptions options, AccessTier? tier,
        CancellationToken cancellation)
    {
        var body = ArrayPool<byte>.Shared.Rent(BodyBytes(blocks));
        var length = Write(blocks, body);
        using var message = Message(blob, body.AsMemory(0, length), Xml);
        message.Request.Uri.AppendQuery("comp", "blocklist");
        Add(message.Request, options, tier);
        var done = await SendAsync(message, cancellation);

        // Only now: after a failure the transport may still be sending from these bytes.
        ArrayPool<byte>.Shared.Return(body);
        return done;
    }

    private HttpMessage Message(Uri blob, ReadOnlyMemory<byte> content, string contentType)
    {
        var message = pipeline.CreateMessage();
        var request = message.Request;
        request.Method = RequestMethod.Put;
        request.Uri.Reset(blob);
        request.Headers.Add("x-ms-version", serviceVersion);
        request.Headers.Add("Accept", Xml);
        request.Headers.Add("Content-Type", contentType);
        request.Headers.Add("Content-Length", content.Length.ToString());
        request.Headers.Add(
            "x-ms-content-crc64", Convert.ToBase64String(StorageCrc64.Hash(content.Span)));
        request.Content = RequestContent.Create(content);
        return message;
    }

    private static void Add(Request request, WriteOptions options, AccessTier? tier)
    {
        if (options.IfMatch is { } etag)
            request.Headers.Add("If-Match", new ETag(etag).ToString("H"));
        if (options.IfAbsent)
            request.Headers.Add("If-None-Match", "*");
        if (tier is { } named)
            request.Headers.Add("x-ms-access-tier", named.ToString());
        foreach (var (key, value) in options.Metadata ?? WriteMetadata.None)
            request.Headers.Add($"x-ms-meta-{key}", value);
    }

    private async Task<(ETag ETag, DateTimeOffset Modified)> SendAsync(
        HttpMessage message, CancellationToken cancellation)
    {
        await pipeline.SendAsync(message, cancellation);
        var response = message.Response;
        return response.Status == Created
            ? (response.Headers.ETag ?? default, Modified(response))
            : throw new RequestFailedException(response);
    }

    private static DateTimeOffset Modified(Response response) =>
        response.Headers.TryGetValue("Last-Modified", out var text)
        && DateTimeOffset.TryParse(text, out var modified)
            ? modified
            : default;

    private static int BodyBytes(IReadOnlyList<BlockReference> blocks)
    {
        var bytes = Head.Length + Tail.Length;
        for (var i = 0; i < blocks.Count; i++)
            bytes += (2 * Word(blocks[i]).Length) + "<></>".Length + blocks[i].Id.Length;
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
