using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Format;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VersionCard))]
internal sealed partial class VersionCardJson : JsonSerializerContext;
