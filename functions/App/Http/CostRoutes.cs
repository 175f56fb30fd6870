using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SnapshotFunctions.App.Http;

/// <summary>What machines cost: HTTP triggers, a line each over the API's handlers.</summary>
public sealed class CostRoutes(ApiHost api)
{
    /// <summary>What one machine costs.</summary>
    [Function("GetMachineCost")]
    public Task<IActionResult> GetMachineCostAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "machines/{machine}/cost")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetMachineCost", request, client);

    /// <summary>What all machines cost.</summary>
    [Function("GetCost")]
    public Task<IActionResult> GetCostAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "cost")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetCost", request, client);
}
