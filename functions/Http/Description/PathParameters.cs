using System.Text.Json.Nodes;
using SnapshotFunctions.Http.Problems;

namespace SnapshotFunctions.Http.Description;

/// <summary>Describes the parameters that a template holds.</summary>
internal static class PathParameters
{
    private const string Name = "^[a-z0-9][a-z0-9-]{0,62}$";

    /// <summary>The parameters of a template, in its order.</summary>
    public static JsonArray Of(string template)
    {
        var parameters = new JsonArray();
        foreach (var segment in template.Split('/'))
        {
            if (segment is not ['{', .. var name, '}']) continue;
            var (summary, schema) = About(name);
            schema["type"] = "string";
            parameters.Add((JsonNode)new JsonObject
            {
                ["name"] = name,
                ["in"] = "path",
                ["description"] = summary,
                ["required"] = true,
                ["schema"] = schema,
            });
        }
        return parameters;
    }

    private static (string Summary, JsonObject Schema) About(string name) => name switch
    {
        "machine" => ("The machine's name.", Pattern(Name)),
        "disk" => ("The disk's name.", Pattern(Name)),
        "snapshot" => ("The snapshot's name.", Pattern(Name)),
        "mount" => ("The mount's id.", Pattern("^[0-9a-f]{16}$")),
        "version" => ("A version's number, or latest.", Pattern("^([1-9][0-9]*|latest)$")),
        "job" => ("The job's id.", Pattern("^[a-z0-9][a-z0-9._-]{0,199}$")),
        "problem" => (
            "The last part of a problem's type.",
            new JsonObject
            {
                ["enum"] = new JsonArray(
                    [.. ProblemKinds.All.Select(k => JsonValue.Create(k.Name))]),
            }),
        _ => ($"The {name}.", []),
    };

    private static JsonObject Pattern(string pattern) => new() { ["pattern"] = pattern };
}
