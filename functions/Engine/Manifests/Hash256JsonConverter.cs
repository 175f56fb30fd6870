using System.Text.Json;
using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Writes a hash as 64 lower-case hexadecimal digits.</summary>
public sealed class Hash256JsonConverter : JsonConverter<Hash256>
{
    /// <inheritdoc/>
    public override Hash256 Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("Expected a hash as text.");
        try
        {
            return Hash256.Parse(reader.GetString()!);
        }
        catch (FormatException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public override void Write(
        Utf8JsonWriter writer, Hash256 value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
