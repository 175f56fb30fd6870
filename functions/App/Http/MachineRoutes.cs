using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SnapshotFunctions.App.Http;

/// <summary>Machines and their versions: HTTP triggers, a line each over the API's handlers.</summary>
public sealed class MachineRoutes(ApiHost api)
{
    /// <summary>The machines.</summary>
    [Function("ListMachines")]
    public Task<IActionResult> ListMachinesAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("ListMachines", request, client);

    /// <summary>One machine.</summary>
    [Function("GetMachine")]
    public Task<IActionResult> GetMachineAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetMachine", request, client);

    /// <summary>A machine's versions.</summary>
    [Function("ListVersions")]
    public Task<IActionResult> ListVersionsAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/versions")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("ListVersions", request, client);

    /// <summary>One version.</summary>
    [Function("GetVersion")]
    public Task<IActionResult> GetVersionAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/versions/{version}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetVersion", request, client);

    /// <summary>A machine file.</summary>
    [Function("GetMachineFile")]
    public Task<IActionResult> GetMachineFileAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/versions/{version}/files/{file}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetMachineFile", request, client);

    /// <summary>Its headers.</summary>
    [Function("HeadMachineFile")]
    public Task<IActionResult> HeadMachineFileAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "head",
            Route = "machines/{machine}/versions/{version}/files/{file}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("HeadMachineFile", request, client);
}
