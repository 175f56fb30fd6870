using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace SnapshotFunctions.Http.Routing;

/// <summary>Maps the API on a host of ASP.NET Core.</summary>
public static class ApiMapping
{
    /// <summary>Maps every route under <c>/api</c>.</summary>
    public static void MapApi(this IEndpointRouteBuilder endpoints, Api api)
    {
        foreach (var route in api.Routes)
        {
            endpoints.MapMethods(
                $"/api/{route.Template}", [route.Method],
                (RequestDelegate)(context => api.HandleAsync(route.Name, context)));
        }
    }
}
