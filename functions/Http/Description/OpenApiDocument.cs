using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Description;

/// <summary>
/// The OpenAPI 3.1 document of a table of routes. The same table gives the same bytes; nothing in
/// it tells of the host, so that every host of one build answers the same document.
/// </summary>
internal static class OpenApiDocument
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n" };

    private static readonly (string Name, string Summary)[] Areas =
    [
        ("Machines", "Machines and their versions."),
        ("Disks", "The bytes of every version's disks."),
        ("Mounts", "Versions that can be written over, and become versions of clones."),
        ("Uploads", "Snapshots on their way in."),
        ("Jobs", "Work that takes its time."),
        ("Description", "What the API says of itself."),
    ];

    /// <summary>The document's bytes.</summary>
    public static byte[] Write(IReadOnlyList<ApiRoute> routes)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Indented)) Make(routes).WriteTo(writer);
        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static JsonObject Make(IReadOnlyList<ApiRoute> routes)
    {
        var schemas = new OpenApiSchemas();
        var operations = new OpenApiOperations(schemas);
        var paths = new JsonObject();
        foreach (var path in routes
            .GroupBy(r => r.Template, StringComparer.Ordinal)
            .OrderBy(p => p.Key, StringComparer.Ordinal))
            paths[$"/api/{path.Key}"] = operations.Path(path.Key, path);
        var responses = new JsonObject();
        foreach (var status in operations.Problems)
            responses[OpenApiOperations.ProblemName(status)] = Problem(status, schemas);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "SnapshotFunctions",
                ["version"] = "1",
                ["summary"] = "Every version of every machine's disks.",
                ["license"] = new JsonObject { ["name"] = "MIT", ["identifier"] = "MIT" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            // An open host takes calls without a key; one that asks for a key takes either way.
            ["security"] = new JsonArray(
                new JsonObject(),
                new JsonObject { ["bearer"] = new JsonArray() },
                new JsonObject { ["functionsKey"] = new JsonArray() }),
            ["tags"] = TagsOf(routes),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.All(),
                ["responses"] = responses,
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["functionsKey"] = new JsonObject
                    {
                        ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-functions-key",
                    },
                },
            },
        };
    }

    private static JsonArray TagsOf(IReadOnlyList<ApiRoute> routes)
    {
        var used = routes.Select(r => r.About.Area).ToHashSet(StringComparer.Ordinal);
        var unknown = used.Except(Areas.Select(a => a.Name), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).Select(name => (Name: name, Summary: name));
        return new JsonArray([.. Areas.Where(a => used.Contains(a.Name)).Concat(unknown).Select(
            a => new JsonObject { ["name"] = a.Name, ["description"] = a.Summary })]);
    }

    private static JsonObject Problem(int status, OpenApiSchemas schemas)
    {
        var text = new StringBuilder();
        foreach (var kind in ProblemKinds.All.Where(k => k.Status == status))
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"`{kind.Name}`: {kind.Title}.");
        }
        return new JsonObject
        {
            ["description"] = text.Length == 0 ? "A problem." : text.ToString(),
            ["content"] = new JsonObject
            {
                ["application/problem+json"] = new JsonObject
                {
                    ["schema"] = schemas.Of(ApiJson.Default.Problem),
                },
            },
        };
    }
}
