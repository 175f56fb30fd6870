using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Uploads;

/// <summary>Answers the calls about files of one kind in an upload.</summary>
internal sealed class UploadedFileHandlers(IUploads uploads, UploadKind kind)
{
    /// <summary>Takes bytes, or says where they go.</summary>
    public async Task PutAsync(ApiCall call)
    {
        var file = FileOf(call);
        if (!uploads.TakesBytes)
        {
            await GrantAsync(call, file);
            return;
        }
        var piece = UploadPieces.Of(call.Request, UploadRules.MostBytes(kind));
        if (kind is UploadKind.Disk && piece is { LengthBytes: 0 })
        {
            throw ApiCall.Refused(
                "body", "the image's bytes: this host takes them itself", "no bytes");
        }
        // A disk is as long as it is; how much is taken is told above, and kept to as it comes.
        if (call.Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = null;
        var status = await WriteAsync(call, file, piece);
        UploadHeaders.Set(call.Response, status);
        await call.WriteAsync(
            status, ApiJson.Default.UploadedFileStatus,
            status.IsComplete ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>Tells how far the file has come; for HEAD, in headers alone.</summary>
    public async Task GetAsync(ApiCall call)
    {
        var file = FileOf(call);
        var status = await FindAsync(file, call.Cancellation) ?? throw NoSuch(file);
        UploadHeaders.Set(call.Response, status);
        if (!HttpMethods.IsHead(call.Request.Method))
            await call.WriteAsync(status, ApiJson.Default.UploadedFileStatus);
    }

    /// <summary>Drops the file.</summary>
    public async Task DeleteAsync(ApiCall call)
    {
        var file = FileOf(call);
        if (!await uploads.DropAsync(file, call.Cancellation)) throw NoSuch(file);
        call.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task<UploadedFileStatus> WriteAsync(
        ApiCall call, UploadFile file, UploadPiece piece)
    {
        try
        {
            return await uploads.WriteAsync(file, piece, call.Request.Body, call.Cancellation);
        }
        catch (RefusedException error) when (
            error.Reason is "upload-offset" or "upload-length" or "upload-total")
        {
            // Who is refused for where a file ends is told where it does.
            throw new ApiProblemException(ProblemOf.Kind(error), error.Code, error.Message)
            {
                Headers = UploadHeaders.Of(await FindAsync(file, call.Cancellation)),
            };
        }
    }

    private async Task GrantAsync(ApiCall call, UploadFile file)
    {
        // Bytes that are on their way already would be lost while the answer looks like success.
        var isAsking = call.Request.ContentLength is 0
            || (call.Request.ContentLength is null && call.Request.Headers.TransferEncoding.Count == 0)
            || call.Request.Headers.Expect.Count > 0;
        if (!isAsking)
        {
            throw new RefusedException(
                "upload-direct",
                "This host takes no bytes itself: PUT without a body, and send the bytes to the URL "
                + "that is answered.");
        }
        if (kind is UploadKind.Disk && file.Format is null)
        {
            throw new RefusedException(
                "format",
                $"format: expected one of {string.Join(", ", UploadRules.Formats)}; found none.");
        }
        var grant = await uploads.GrantAsync(file, call.Cancellation);
        call.Response.Headers.CacheControl = "no-store";
        await call.WriteAsync(grant, ApiJson.Default.UploadGrant);
    }

    private async Task<UploadedFileStatus?> FindAsync(
        UploadFile file, CancellationToken cancellation)
    {
        var upload = await uploads.FindAsync(file.Machine, file.Snapshot, cancellation);
        return (kind is UploadKind.Disk ? upload?.Disks : upload?.Files)?
            .FirstOrDefault(f => string.Equals(f.Name, file.Name, StringComparison.Ordinal));
    }

    private UploadFile FileOf(ApiCall call)
    {
        var (machine, snapshot) = (call.Machine, call.Name("snapshot"));
        if (kind is UploadKind.File)
        {
            return new UploadFile(
                machine, snapshot, kind, UploadRules.CheckFileName(call.Segment("file")));
        }
        var format = call.Text("format");
        return new UploadFile(
            machine, snapshot, kind, call.Name("disk"),
            format is null ? null : UploadRules.CheckFormat(format));
    }

    private static NoSuchException NoSuch(UploadFile file) => new(
        $"upload of '{file.Name}' for snapshot '{file.Snapshot}' of '{file.Machine}'",
        "PUT its bytes there.");
}
