using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Restoring;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(Hash256JsonConverter), typeof(ShardRangesJsonConverter)])]
[JsonSerializable(typeof(PlanRestoreInput))]
[JsonSerializable(typeof(RestorePlan))]
[JsonSerializable(typeof(RestoreTargetRequest))]
[JsonSerializable(typeof(PreparedTarget))]
[JsonSerializable(typeof(RestoreShardInput))]
[JsonSerializable(typeof(RestoreImageInput))]
[JsonSerializable(typeof(RestoreOutcome))]
internal sealed partial class RestoreStepJson : JsonSerializerContext;
