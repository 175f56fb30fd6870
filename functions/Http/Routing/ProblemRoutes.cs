using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Problems;

namespace SnapshotFunctions.Http.Routing;

/// <summary>What the <c>type</c> of a problem leads to.</summary>
internal static class ProblemRoutes
{
    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of()
    {
        yield return new ApiRoute(
            "GetProblem", "GET", "problems/{problem}", GetAsync,
            new RouteAbout("Tells what a kind of problem means.", "Description")
            {
                Answers = [new RouteAnswer(200, "The kind.", ApiJson.Default.ProblemKind)],
                Problems = [404],
            });
    }

    private static Task GetAsync(ApiCall call)
    {
        var name = call.Segment("problem");
        var kind = ProblemKinds.All.FirstOrDefault(
            k => string.Equals(k.Name, name, StringComparison.Ordinal))
            ?? throw new NoSuchException($"problem '{name}'", "A problem's type names it.");
        return call.WriteAsync(kind, ApiJson.Default.ProblemKind);
    }
}
