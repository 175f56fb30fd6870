using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace SnapshotFunctions.Http.Routing;

/// <summary>Lists that are told a page at a time: <c>top</c> and <c>after</c>.</summary>
internal static class Paging
{
    private const string TopName = "top";
    private const string AfterName = "after";
    private const int ByDefault = 100;

    /// <summary>The parameters for the description.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="after">What <c>after</c> takes; its JSON type.</param>
    public static IEnumerable<RouteParameter> Parameters(ApiOptions options, string after) =>
    [
        new RouteParameter(TopName, "query", "integer", "How many at most.")
        {
            Least = 1, Most = options.MostItems, Default = ByDefault,
        },
        new RouteParameter(
            AfterName, "query", after, "Where the page before ended; 'next' of that page has it."),
    ];

    /// <summary>How many items are wanted.</summary>
    public static int Top(ApiCall call, ApiOptions options) =>
        (int)call.Number(TopName, Math.Min(ByDefault, options.MostItems), 1, options.MostItems);

    /// <summary>Where the page before ended; null for the first page.</summary>
    public static string? After(ApiCall call) => call.Text(AfterName, 1000);

    /// <summary>The version after which the page begins; the default for the first page.</summary>
    public static int AfterVersion(ApiCall call, int byDefault) =>
        (int)call.Number(AfterName, byDefault, 0, int.MaxValue);

    /// <summary>This call's own path with the same query, from behind an item on.</summary>
    public static string Next(ApiCall call, int after) =>
        Next(call, after.ToString(CultureInfo.InvariantCulture));

    /// <summary>This call's own path with the same query, from behind an item on.</summary>
    public static string Next(ApiCall call, string after)
    {
        var query = call.Request.Query
            .Where(p => !string.Equals(p.Key, AfterName, StringComparison.OrdinalIgnoreCase))
            .SelectMany(p => p.Value, (p, value) => KeyValuePair.Create(p.Key, value))
            .Append(KeyValuePair.Create(AfterName, (string?)after));
        return $"{call.Request.PathBase}{call.Request.Path}{QueryString.Create(query)}";
    }
}
