using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SnapshotFunctions.App.Http;

/// <summary>Writable mounts: HTTP triggers, a line each over the API's handlers.</summary>
public sealed class MountRoutes(ApiHost api)
{
    /// <summary>Opens a mount.</summary>
    [Function("OpenMount")]
    public Task<IActionResult> OpenMountAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/versions/{version}/mounts")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("OpenMount", request, client);

    /// <summary>Lists a version's mounts.</summary>
    [Function("ListMounts")]
    public Task<IActionResult> ListMountsAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/versions/{version}/mounts")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("ListMounts", request, client);

    /// <summary>Shows a mount.</summary>
    [Function("GetMount")]
    public Task<IActionResult> GetMountAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/versions/{version}/mounts/{mount}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetMount", request, client);

    /// <summary>Drops a mount.</summary>
    [Function("DiscardMount")]
    public Task<IActionResult> DiscardMountAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "delete",
            Route = "machines/{machine}/versions/{version}/mounts/{mount}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("DiscardMount", request, client);

    /// <summary>Makes a version of what was written.</summary>
    [Function("StartCommitMount")]
    public Task<IActionResult> StartCommitMountAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/versions/{version}/mounts/{mount}/commit")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartCommitMount", request, client);

    /// <summary>Reads a mount's disk.</summary>
    [Function("GetMountDisk")]
    public Task<IActionResult> GetMountDiskAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/versions/{version}/mounts/{mount}/disks/{disk}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetMountDisk", request, client);

    /// <summary>Its headers.</summary>
    [Function("HeadMountDisk")]
    public Task<IActionResult> HeadMountDiskAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "head",
            Route = "machines/{machine}/versions/{version}/mounts/{mount}/disks/{disk}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("HeadMountDisk", request, client);

    /// <summary>Writes to a mount's disk.</summary>
    [Function("WriteMountDisk")]
    public Task<IActionResult> WriteMountDiskAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "put",
            Route = "machines/{machine}/versions/{version}/mounts/{mount}/disks/{disk}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("WriteMountDisk", request, client);
}
