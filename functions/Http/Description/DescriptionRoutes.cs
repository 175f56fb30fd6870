using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Description;

/// <summary>The description of the API, made of the table of its routes.</summary>
internal sealed class DescriptionRoutes
{
    private readonly Lazy<(byte[] Bytes, EntityTagHeaderValue ETag)> _document;

    private DescriptionRoutes(IReadOnlyList<ApiRoute> routes) => _document = new(() =>
    {
        var bytes = OpenApiDocument.Write(routes);
        var digits = Convert.ToHexStringLower(SHA256.HashData(bytes))[..32];
        return (bytes, new EntityTagHeaderValue($"\"{digits}\""));
    });

    /// <summary>The routes together with those that describe them all.</summary>
    public static IReadOnlyList<ApiRoute> With(IReadOnlyList<ApiRoute> others)
    {
        var all = new List<ApiRoute>(others);
        var description = new DescriptionRoutes(all);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ETag"] = "Names this state of the document.",
        };
        var about = new RouteAbout(
            "Describes the API in OpenAPI 3.1: this document.", "Description")
        {
            Parameters =
            [
                new RouteParameter(
                    "If-None-Match", "header", "string", "An ETag: answers 304 while it stands."),
            ],
            Answers =
            [
                new RouteAnswer(200, "The document.", ApiJson.Default.JsonObject)
                {
                    Headers = headers,
                },
                new RouteAnswer(304, "The caller has it.") { Headers = headers },
            ],
        };
        const string Template = "openapi.json";
        all.Add(new ApiRoute("GetDescription", "GET", Template, description.AnswerAsync, about));
        all.Add(new ApiRoute(
            "HeadDescription", "HEAD", Template, description.AnswerAsync,
            about with { Summary = "Tells the ETag and length of the description." }));
        return all;
    }

    private async Task AnswerAsync(ApiCall call)
    {
        var (bytes, etag) = _document.Value;
        call.Response.GetTypedHeaders().ETag = etag;
        if (call.Request.GetTypedHeaders().IfNoneMatch.Any(
            known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(etag, false)))
        {
            call.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        call.Response.ContentType = "application/json";
        call.Response.ContentLength = bytes.Length;
        if (HttpMethods.IsHead(call.Request.Method)) return;
        await call.Response.Body.WriteAsync(bytes, call.Cancellation);
    }
}
