using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace SnapshotFunctions.App.Http;

/// <summary>Jobs and what starts them: HTTP triggers, a line each over the API's handlers.</summary>
public sealed class JobRoutes(ApiHost api)
{
    /// <summary>Restores a disk.</summary>
    [Function("StartRestore")]
    public Task<IActionResult> StartRestoreAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/versions/{version}/restore")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartRestore", request, client);

    /// <summary>Moves the base.</summary>
    [Function("StartConsolidate")]
    public Task<IActionResult> StartConsolidateAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/consolidate")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartConsolidate", request, client);

    /// <summary>Moves reverse incrementals to colder tiers.</summary>
    [Function("StartTier")]
    public Task<IActionResult> StartTierAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/tier")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartTier", request, client);

    /// <summary>Takes the newest version back.</summary>
    [Function("StartUndo")]
    public Task<IActionResult> StartUndoAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/undo")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartUndo", request, client);

    /// <summary>Makes a clone.</summary>
    [Function("StartClone")]
    public Task<IActionResult> StartCloneAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/versions/{version}/clone")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartClone", request, client);

    /// <summary>Gives a clone all its blocks.</summary>
    [Function("StartFlatten")]
    public Task<IActionResult> StartFlattenAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/flatten")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartFlatten", request, client);

    /// <summary>Deletes a machine.</summary>
    [Function("StartPurge")]
    public Task<IActionResult> StartPurgeAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/purge")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartPurge", request, client);

    /// <summary>Lets a version go.</summary>
    [Function("StartExpire")]
    public Task<IActionResult> StartExpireAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/versions/{version}/expire")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartExpire", request, client);

    /// <summary>Lets versions go by policy.</summary>
    [Function("StartRetention")]
    public Task<IActionResult> StartRetentionAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/retention")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartRetention", request, client);

    /// <summary>Verifies a machine.</summary>
    [Function("StartVerify")]
    public Task<IActionResult> StartVerifyAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/verify")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartVerify", request, client);

    /// <summary>Mends what is damaged.</summary>
    [Function("StartRepair")]
    public Task<IActionResult> StartRepairAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/repair")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartRepair", request, client);

    /// <summary>Does what is due.</summary>
    [Function("StartUpkeep")]
    public Task<IActionResult> StartUpkeepAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "post",
            Route = "machines/{machine}/upkeep")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("StartUpkeep", request, client);

    /// <summary>The jobs.</summary>
    [Function("ListJobs")]
    public Task<IActionResult> ListJobsAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "jobs")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("ListJobs", request, client);

    /// <summary>One job.</summary>
    [Function("GetJob")]
    public Task<IActionResult> GetJobAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "get",
            Route = "jobs/{job}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("GetJob", request, client);

    /// <summary>Asks a job to end.</summary>
    [Function("CancelJob")]
    public Task<IActionResult> CancelJobAsync(
        [HttpTrigger(
            AuthorizationLevel.Function, "delete",
            Route = "jobs/{job}")]
        HttpRequest request,
        [DurableClient] DurableTaskClient client) =>
        api.AnswerAsync("CancelJob", request, client);
}
