using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SnapshotFunctions.App.Http;

/// <summary>What the API is: HTTP triggers, a line each over the API's handlers.</summary>
public sealed class DescriptionRoutes(ApiHost api)
{
    /// <summary>The OpenAPI document.</summary>
    [Function("GetDescription")]
    public Task<IActionResult> GetDescriptionAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "openapi.json")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetDescription", request, client);

    /// <summary>Its headers.</summary>
    [Function("HeadDescription")]
    public Task<IActionResult> HeadDescriptionAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "head",
            Route = "openapi.json")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("HeadDescription", request, client);

    /// <summary>What a kind of problem means.</summary>
    [Function("GetProblem")]
    public Task<IActionResult> GetProblemAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "problems/{problem}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetProblem", request, client);
}
