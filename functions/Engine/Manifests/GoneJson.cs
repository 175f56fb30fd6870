using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Manifests;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GoneMachine))]
internal sealed partial class GoneJson : JsonSerializerContext;
