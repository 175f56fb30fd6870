using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SnapshotFunctions.LocalTests.Http.Description;

/// <summary>
/// Checks JSON against the schemas of an OpenAPI document. Knows the keywords that this document
/// uses and no others: one that it does not know is a fault, so that none is passed over.
/// </summary>
internal sealed class SchemaCheck(JsonObject document)
{
    private const string Prefix = "#/components/schemas/";
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    /// <summary>What does not match; empty when all does.</summary>
    public IReadOnlyList<string> Faults(JsonNode schema, JsonNode? value)
    {
        var faults = new List<string>();
        Check(schema, value, "$", faults);
        return faults;
    }

    private void Check(JsonNode schema, JsonNode? value, string path, List<string> faults)
    {
        foreach (var (keyword, operand) in schema.AsObject())
        {
            var fault = keyword switch
            {
                "$ref" => Follow(operand!, value, path, faults),
                "anyOf" => AnyOf(operand!.AsArray(), value, path),
                "type" => Type(operand!, value),
                "enum" => operand!.AsArray().Any(v => JsonNode.DeepEquals(v, value))
                    ? null : $"is none of {operand.ToJsonString()}",
                "properties" => Properties(operand!.AsObject(), value, path, faults),
                "required" => Required(operand!.AsArray(), value),
                "additionalProperties" => operand!.GetValue<bool>()
                    ? "the schema is open without saying to what" : null,
                "items" => Items(operand!, value, path, faults),
                "pattern" => value is JsonValue text && text.TryGetValue<string>(out var found)
                    && !Regex.IsMatch(
                        found, operand!.GetValue<string>(), RegexOptions.None, OneSecond)
                    ? $"does not match {operand}" : null,
                "format" => Format(operand!.GetValue<string>(), value),
                "default" => null,
                _ => $"the schema has the unknown keyword {keyword}",
            };
            if (fault is not null) faults.Add($"{path}: {fault}; found {value?.ToJsonString() ?? "null"}");
        }
    }

    private string? Follow(JsonNode reference, JsonNode? value, string path, List<string> faults)
    {
        var name = reference.GetValue<string>();
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)
            || document["components"]!["schemas"]![name[Prefix.Length..]] is not { } schema)
            return $"the schema refers to {name}, which is not there";
        Check(schema, value, path, faults);
        return null;
    }

    private string? AnyOf(JsonArray choices, JsonNode? value, string path) => choices.Any(choice =>
    {
        var faults = new List<string>();
        Check(choice!, value, path, faults);
        return faults.Count == 0;
    }) ? null : $"matches none of {choices.ToJsonString()}";

    private static string? Type(JsonNode operand, JsonNode? value)
    {
        var wanted = operand is JsonArray many
            ? many.Select(t => t!.GetValue<string>()).ToList() : [operand.GetValue<string>()];
        var found = value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            _ => value.AsValue().TryGetValue<long>(out _) ? "integer" : "number",
        };
        // A whole number is a number too.
        if (found is "integer" && wanted.Contains("number")) return null;
        return wanted.Contains(found) ? null : $"is of type {found}, not {string.Join('|', wanted)}";
    }

    private string? Properties(
        JsonObject properties, JsonNode? value, string path, List<string> faults)
    {
        if (value is not JsonObject found) return null;
        foreach (var (name, schema) in properties)
            if (found.TryGetPropertyValue(name, out var member))
                Check(schema!, member, $"{path}.{name}", faults);
        // Clients must bear members that are added one day; what this build answers is all told.
        var more = found.Select(m => m.Key).Where(name => !properties.ContainsKey(name)).ToList();
        return more.Count > 0 ? $"has {string.Join(", ", more)} too" : null;
    }

    private static string? Required(JsonArray names, JsonNode? value)
    {
        if (value is not JsonObject found) return null;
        var missing = names.Select(n => n!.GetValue<string>()).Where(n => !found.ContainsKey(n));
        return missing.Any() ? $"lacks {string.Join(", ", missing)}" : null;
    }

    private string? Items(JsonNode schema, JsonNode? value, string path, List<string> faults)
    {
        if (value is not JsonArray found) return null;
        for (var i = 0; i < found.Count; i++) Check(schema, found[i], $"{path}[{i}]", faults);
        return null;
    }

    private static string? Format(string format, JsonNode? value)
    {
        if (value is null) return null;
        var isGood = format switch
        {
            "int32" => value.AsValue().TryGetValue<int>(out _),
            "int64" => value.AsValue().TryGetValue<long>(out _),
            "date-time" => DateTimeOffset.TryParse(
                value.GetValue<string>(), CultureInfo.InvariantCulture, out _),
            _ => false,
        };
        return isGood ? null : $"is no {format}";
    }
}
