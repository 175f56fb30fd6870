using SnapshotFunctions.Engine.Plans;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Costs;

/// <summary>What keeping machines costs.</summary>
internal sealed class CostRoutes(ApiServices services)
{
    private const string Area = "Costs";
    private const int MostMachines = 20;

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var routes = new CostRoutes(services);
        yield return new ApiRoute(
            "GetMachineCost", "GET", "machines/{machine}/cost", routes.GetAsync,
            new RouteAbout(
                "Tells what keeping a machine costs a month, by tier and version, and what other "
                + "ways of keeping it would.", Area)
            {
                Answers = [new RouteAnswer(200, "The report.", ApiJson.Default.CostDocument)],
                Problems = [400, 404],
            });
        yield return new ApiRoute(
            "GetCost", "GET", "cost", routes.ListAsync,
            new RouteAbout(
                "Tells what keeping all machines costs a month, some machines at a time.", Area)
            {
                Parameters =
                [
                    new RouteParameter("top", "query", "integer", "How many at most.")
                    {
                        Least = 1, Most = MostMachines, Default = MostMachines,
                    },
                    new RouteParameter(
                        "after", "query", "string",
                        "Where the page before ended; 'next' of that page has it."),
                ],
                Answers = [new RouteAnswer(200, "Some machines.", ApiJson.Default.CostsDocument)],
                Problems = [400],
            });
    }

    private CostReporter Reporter => new(services.Engine, services.Prices);

    private async Task GetAsync(ApiCall call)
    {
        var report = await Reporter.ReportAsync(call.Machine, call.Cancellation);
        await call.WriteAsync(
            CostDocument.Of(report, services.Prices), ApiJson.Default.CostDocument);
    }

    private async Task ListAsync(ApiCall call)
    {
        var after = Paging.After(call);
        var top = (int)call.Number("top", MostMachines, 1, MostMachines);
        var names = new List<string>();
        await foreach (var name in services.Engine.Manifests.ListMachinesAsync(call.Cancellation))
        {
            // In the order of their heads' names, where a slash follows each.
            if (after is not null && string.CompareOrdinal($"{name}/", $"{after}/") <= 0) continue;
            names.Add(name);
            if (names.Count > top) break;
        }
        var documents = new List<CostDocument>();
        foreach (var name in names.Take(top))
            documents.Add(CostDocument.Of(
                await Reporter.ReportAsync(name, call.Cancellation), services.Prices));
        await call.WriteAsync(
            new CostsDocument(
                documents, documents.Sum(d => d.Month),
                names.Count > top ? Paging.Next(call, names[top - 1]) : null),
            ApiJson.Default.CostsDocument);
    }
}
