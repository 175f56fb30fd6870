using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Steps.Purging;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(PurgeStepInput))]
[JsonSerializable(typeof(MarkPurgeInput))]
[JsonSerializable(typeof(PurgeMark))]
[JsonSerializable(typeof(GoneHead))]
[JsonSerializable(typeof(PurgedBatch))]
internal sealed partial class PurgeStepJson : JsonSerializerContext;
