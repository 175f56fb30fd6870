using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Flows.Tiering;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(TierInput))]
[JsonSerializable(typeof(TierResult))]
internal sealed partial class TierJson : JsonSerializerContext;
