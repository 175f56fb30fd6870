using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Outcomes;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OutcomeEvent))]
[JsonSerializable(typeof(AnnounceInput))]
[JsonSerializable(typeof(bool))]
internal sealed partial class OutcomeJson : JsonSerializerContext;
