using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SnapshotFunctions.App.Http;

/// <summary>Policies, pins and holds: HTTP triggers, a line each over the API's handlers.</summary>
public sealed class PolicyRoutes(ApiHost api)
{
    /// <summary>A machine's policy.</summary>
    [Function("GetPolicy")]
    public Task<IActionResult> GetPolicyAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/policy")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetPolicy", request, client);

    /// <summary>Replaces it.</summary>
    [Function("SetPolicy")]
    public Task<IActionResult> SetPolicyAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "put",
            Route = "machines/{machine}/policy")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("SetPolicy", request, client);

    /// <summary>Tries one.</summary>
    [Function("SimulatePolicy")]
    public Task<IActionResult> SimulatePolicyAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/policy/simulate")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("SimulatePolicy", request, client);

    /// <summary>Pins a version.</summary>
    [Function("PinVersion")]
    public Task<IActionResult> PinVersionAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "put",
            Route = "machines/{machine}/versions/{version}/pin")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("PinVersion", request, client);

    /// <summary>Takes the pin away.</summary>
    [Function("UnpinVersion")]
    public Task<IActionResult> UnpinVersionAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "delete",
            Route = "machines/{machine}/versions/{version}/pin")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("UnpinVersion", request, client);

    /// <summary>Lays a hold on a machine.</summary>
    [Function("HoldMachine")]
    public Task<IActionResult> HoldMachineAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "put",
            Route = "machines/{machine}/hold")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("HoldMachine", request, client);

    /// <summary>Lifts it.</summary>
    [Function("ReleaseMachine")]
    public Task<IActionResult> ReleaseMachineAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "delete",
            Route = "machines/{machine}/hold")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("ReleaseMachine", request, client);
}
