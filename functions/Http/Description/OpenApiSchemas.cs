using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace SnapshotFunctions.Http.Description;

/// <summary>
/// The schemas of documents, made of the same metadata that writes and reads them. Every object is
/// described once, under its type's name, and referred to everywhere else.
/// </summary>
internal sealed class OpenApiSchemas
{
    private readonly SortedDictionary<string, (Type Type, JsonNode? Schema)> _known =
        new(StringComparer.Ordinal);

    private readonly JsonSchemaExporterOptions _options;
    private bool _isBody;

    /// <summary>No schemas yet.</summary>
    public OpenApiSchemas() => _options = new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Transform,
    };

    /// <summary>The schema of a request's body: what it does not name is refused.</summary>
    public JsonNode OfBody(JsonTypeInfo type)
    {
        _isBody = true;
        var schema = Of(type);
        _isBody = false;
        return schema;
    }

    /// <summary>The schema of a document, or a reference to it.</summary>
    public JsonNode Of(JsonTypeInfo type)
    {
        if (!IsNamed(type)) return type.GetJsonSchemaAsNode(_options);
        var name = type.Type.Name;
        if (!_known.TryGetValue(name, out var known))
        {
            // Known before it is described: what it holds may refer to it again.
            _known[name] = (type.Type, null);
            var schema = type.GetJsonSchemaAsNode(_options);
            _known[name] = (type.Type, schema);
        }
        else if (known.Type != type.Type)
        {
            throw new InvalidOperationException(
                $"Two documents are named {name}: {known.Type} and {type.Type}. Rename one.");
        }
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    /// <summary>All objects that were referred to, by name.</summary>
    public JsonObject All()
    {
        var all = new JsonObject();
        foreach (var (name, (_, schema)) in _known) all[name] = schema;
        return all;
    }

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = context.TypeInfo;
        var isNullable = schema is JsonObject shape && shape["type"] is JsonArray;
        if (type.Type == typeof(JsonElement) || type.Type == typeof(JsonObject))
            return new JsonObject { ["type"] = "object" };
        if (type.Type == typeof(JsonElement?))
            return new JsonObject { ["type"] = new JsonArray("object", "null") };
        if (IsNamed(type) && context.Path.Length > 0)
        {
            var reference = Of(type);
            return isNullable
                ? new JsonObject
                {
                    ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }),
                }
                : reference;
        }
        if (schema is not JsonObject described) return schema;
        if (type.Type.IsEnum) described["type"] = "string";
        if (context.Path.Length == 0 && isNullable) described["type"] = "object";
        if (FormatOf(type.Type) is { } format) described["format"] = format;
        if (described["properties"] is JsonObject properties) Relax(described, properties);
        // Clients must bear members that are added to answers one day.
        if (!_isBody) described.Remove("additionalProperties");
        return described;
    }

    /// <summary>What may be null is left out when it is: it cannot be required.</summary>
    private static void Relax(JsonObject described, JsonObject properties)
    {
        if (described["required"] is not JsonArray required) return;
        var names = required.Select(n => n!.GetValue<string>())
            .Where(n => !MayBeNull(properties[n]!)).ToList();
        described.Remove("required");
        if (names.Count > 0)
            described["required"] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]);
    }

    private static bool MayBeNull(JsonNode schema) => schema is JsonObject described
        && (described["anyOf"] is not null
            || (described["type"] is JsonArray types
                && types.Any(t => t!.GetValue<string>() is "null"))
            || (described["enum"] is JsonArray values && values.Any(v => v is null)));

    private static bool IsNamed(JsonTypeInfo type) =>
        type.Kind == JsonTypeInfoKind.Object && type.Type != typeof(JsonObject);

    private static string? FormatOf(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(int) ? "int32" : plain == typeof(long) ? "int64" : null;
    }
}
