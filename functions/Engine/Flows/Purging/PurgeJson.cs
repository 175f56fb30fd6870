using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Flows.Purging;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PurgeInput))]
[JsonSerializable(typeof(PurgeResult))]
internal sealed partial class PurgeJson : JsonSerializerContext;
