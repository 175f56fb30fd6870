using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Description;

/// <summary>Describes routes; remembers which problems they refer to.</summary>
internal sealed class OpenApiOperations(OpenApiSchemas schemas)
{
    // Any host may ask for a key, and anything may go wrong.
    private static readonly int[] Always = [401, 500];

    private readonly SortedSet<int> _problems = [];

    /// <summary>The statuses of the problems that were referred to.</summary>
    public IEnumerable<int> Problems => _problems;

    /// <summary>The name under which a status's problem is described.</summary>
    public static string ProblemName(int status) => $"Problem{status}";

    /// <summary>All operations of one path.</summary>
    public JsonObject Path(string template, IEnumerable<ApiRoute> routes)
    {
        var path = new JsonObject();
        var parameters = PathParameters.Of(template);
        if (parameters.Count > 0) path["parameters"] = parameters;
        foreach (var route in routes.OrderBy(r => r.Method, StringComparer.Ordinal))
            path[route.Method.ToLowerInvariant()] = Operation(route);
        return path;
    }

    private JsonObject Operation(ApiRoute route)
    {
        var about = route.About;
        var operation = new JsonObject
        {
            ["operationId"] = route.Name,
            ["summary"] = about.Summary,
            ["tags"] = new JsonArray(about.Area),
        };
        if (about.Parameters.Count > 0)
            operation["parameters"] = new JsonArray([.. about.Parameters.Select(Parameter)]);
        if (BodyOf(about) is { } body) operation["requestBody"] = body;
        var responses = new JsonObject();
        var isHead = HttpMethods.IsHead(route.Method);
        foreach (var answer in about.Answers.OrderBy(a => a.Status))
            responses[Text(answer.Status)] = Answer(answer, isHead);
        foreach (var status in about.Problems.Concat(Always).Distinct().Order())
        {
            if (responses.ContainsKey(Text(status))) continue;
            responses[Text(status)] = Problem(status, isHead);
        }
        operation["responses"] = responses;
        return operation;
    }

    private JsonObject? BodyOf(RouteAbout about)
    {
        if (about.Body is null && about.BytesBody is null) return null;
        var content = new JsonObject();
        if (about.Body is not null)
        {
            content["application/json"] =
                new JsonObject { ["schema"] = schemas.OfBody(about.Body) };
        }
        if (about.BytesBody is not null) content[about.BytesBody] = new JsonObject();
        return new JsonObject { ["content"] = content, ["required"] = !about.IsBodyOptional };
    }

    private JsonObject Answer(RouteAnswer answer, bool isHead)
    {
        var described = new JsonObject { ["description"] = answer.Summary };
        if (answer.Headers.Count > 0)
        {
            var headers = new JsonObject();
            foreach (var (name, summary) in answer.Headers
                .OrderBy(h => h.Key, StringComparer.Ordinal))
            {
                headers[name] = new JsonObject
                {
                    ["description"] = summary,
                    ["required"] = true,
                    ["schema"] = new JsonObject { ["type"] = "string" },
                };
            }
            described["headers"] = headers;
        }
        var content = new JsonObject();
        if (answer.Document is not null && !isHead)
            content["application/json"] =
                new JsonObject { ["schema"] = schemas.Of(answer.Document) };
        if (answer.Bytes is not null && !isHead) content[answer.Bytes] = new JsonObject();
        if (content.Count > 0) described["content"] = content;
        return described;
    }

    private JsonObject Problem(int status, bool isHead)
    {
        // An answer to HEAD has the problem's status and headers, never its body.
        if (isHead)
            return new JsonObject { ["description"] = "As GET answers it, without the body." };
        _problems.Add(status);
        return new JsonObject { ["$ref"] = $"#/components/responses/{ProblemName(status)}" };
    }

    private static JsonObject Parameter(RouteParameter parameter)
    {
        var schema = new JsonObject { ["type"] = parameter.Type };
        if (parameter.Values.Count > 0)
            schema["enum"] = new JsonArray([.. parameter.Values.Select(v => JsonValue.Create(v))]);
        if (parameter.Least is { } least) schema["minimum"] = least;
        if (parameter.Most is { } most) schema["maximum"] = most;
        if (parameter.Default is { } byDefault) schema["default"] = byDefault;
        return new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = parameter.In,
            ["description"] = parameter.Summary,
            ["required"] = parameter.IsRequired,
            ["schema"] = schema,
        };
    }

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
