using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(RehydrateInput))]
[JsonSerializable(typeof(RehydrateResult))]
[JsonSerializable(typeof(RehydratedNews))]
internal sealed partial class RehydrateJson : JsonSerializerContext;
