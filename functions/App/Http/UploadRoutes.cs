using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SnapshotFunctions.App.Http;

/// <summary>Uploads over HTTP: HTTP triggers, a line each over the API's handlers.</summary>
public sealed class UploadRoutes(ApiHost api)
{
    /// <summary>What has been uploaded of a snapshot.</summary>
    [Function("GetUpload")]
    public Task<IActionResult> GetUploadAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/snapshots/{snapshot}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetUpload", request, client);

    /// <summary>Completes an upload.</summary>
    [Function("CompleteUpload")]
    public Task<IActionResult> CompleteUploadAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/snapshots/{snapshot}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("CompleteUpload", request, client);

    /// <summary>Drops an upload.</summary>
    [Function("AbandonUpload")]
    public Task<IActionResult> AbandonUploadAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "delete",
            Route = "machines/{machine}/snapshots/{snapshot}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("AbandonUpload", request, client);

    /// <summary>Leave to upload a disk's image.</summary>
    [Function("UploadDisk")]
    public Task<IActionResult> UploadDiskAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "put",
            Route = "machines/{machine}/snapshots/{snapshot}/disks/{disk}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("UploadDisk", request, client);

    /// <summary>How much of a disk's image is here.</summary>
    [Function("GetUploadedDisk")]
    public Task<IActionResult> GetUploadedDiskAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/snapshots/{snapshot}/disks/{disk}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetUploadedDisk", request, client);

    /// <summary>The same in headers.</summary>
    [Function("HeadUploadedDisk")]
    public Task<IActionResult> HeadUploadedDiskAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "head",
            Route = "machines/{machine}/snapshots/{snapshot}/disks/{disk}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("HeadUploadedDisk", request, client);

    /// <summary>Drops a disk's image.</summary>
    [Function("DropUploadedDisk")]
    public Task<IActionResult> DropUploadedDiskAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "delete",
            Route = "machines/{machine}/snapshots/{snapshot}/disks/{disk}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("DropUploadedDisk", request, client);

    /// <summary>Leave to upload a machine file.</summary>
    [Function("UploadFile")]
    public Task<IActionResult> UploadFileAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "put",
            Route = "machines/{machine}/snapshots/{snapshot}/files/{file}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("UploadFile", request, client);

    /// <summary>How much of a machine file is here.</summary>
    [Function("GetUploadedFile")]
    public Task<IActionResult> GetUploadedFileAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/snapshots/{snapshot}/files/{file}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetUploadedFile", request, client);

    /// <summary>The same in headers.</summary>
    [Function("HeadUploadedFile")]
    public Task<IActionResult> HeadUploadedFileAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "head",
            Route = "machines/{machine}/snapshots/{snapshot}/files/{file}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("HeadUploadedFile", request, client);

    /// <summary>Drops a machine file.</summary>
    [Function("DropUploadedFile")]
    public Task<IActionResult> DropUploadedFileAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "delete",
            Route = "machines/{machine}/snapshots/{snapshot}/files/{file}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("DropUploadedFile", request, client);
}
