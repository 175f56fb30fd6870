using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Flows.Cloning;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Hash256JsonConverter)])]
[JsonSerializable(typeof(CloneInput))]
[JsonSerializable(typeof(CloneResult))]
[JsonSerializable(typeof(FlattenFlowInput))]
[JsonSerializable(typeof(FlattenResult))]
internal sealed partial class CloneFlowJson : JsonSerializerContext;
