using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>What the description says of every route that starts a job.</summary>
internal static class ActionAbout
{
    /// <summary>The tag of jobs.</summary>
    public const string Area = "Jobs";

    /// <summary>A route with a body.</summary>
    public static RouteAbout Of(string summary, JsonTypeInfo body) =>
        Of(summary) with { Body = body, Problems = [400, 404, 409, 413, 422] };

    /// <summary>A route that its address says all of.</summary>
    public static RouteAbout Of(string summary) => new(summary, Area)
    {
        Parameters = [IdempotencyKey.Parameter, PlanWish.Parameter],
        Answers =
        [
            PlanWish.Answer,
            JobAnswers.Accepted("The job; it is durable, and goes on though the host be stopped."),
        ],
        Problems = [400, 404, 409, 422],
    };
}
