using System.Text.Json;
using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Writes a set of shards as its text form.</summary>
public sealed class ShardRangesJsonConverter : JsonConverter<ShardRanges>
{
    /// <inheritdoc/>
    public override ShardRanges Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("Expected a set of shards as text.");
        try
        {
            return ShardRanges.Parse(reader.GetString()!);
        }
        catch (FormatException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    /// <inheritdoc/>
    public override void Write(
        Utf8JsonWriter writer, ShardRanges value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
