using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SnapshotFunctions.App.Http;

/// <summary>Disks of versions: HTTP triggers, a line each over the API's handlers.</summary>
public sealed class DiskRoutes(ApiHost api)
{
    /// <summary>A disk's bytes.</summary>
    [Function("GetDisk")]
    public Task<IActionResult> GetDiskAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/versions/{version}/disks/{disk}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetDisk", request, client);

    /// <summary>Its headers.</summary>
    [Function("HeadDisk")]
    public Task<IActionResult> HeadDiskAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "head",
            Route = "machines/{machine}/versions/{version}/disks/{disk}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("HeadDisk", request, client);

    /// <summary>Where it differs.</summary>
    [Function("GetDiskChanges")]
    public Task<IActionResult> GetDiskChangesAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/versions/{version}/disks/{disk}/changes")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetDiskChanges", request, client);

    /// <summary>Brings archived bytes back.</summary>
    [Function("RehydrateVersion")]
    public Task<IActionResult> RehydrateVersionAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/versions/{version}/rehydrate")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("RehydrateVersion", request, client);
}
