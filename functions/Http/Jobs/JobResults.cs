using System.Text.Json;
using System.Text.Json.Nodes;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>What of a flow's result is told over HTTP.</summary>
internal static class JobResults
{
    private const string Target = "target";

    /// <summary>
    /// The result as a JSON object; null for none. Where a restore went to is the host's own
    /// matter: of a path or an address only the file's name is told, which the caller had given.
    /// </summary>
    public static JsonElement? Shown(string? output)
    {
        if (output is null || JsonNode.Parse(output) is not JsonObject result) return null;
        if (result[Target] is JsonValue value && value.TryGetValue<string>(out var place))
            result[Target] = place[(place.LastIndexOfAny(['/', '\\']) + 1)..];
        return JsonSerializer.SerializeToElement(result, ApiJson.Default.JsonObject);
    }
}
