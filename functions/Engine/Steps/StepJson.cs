using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Ingestion;

namespace SnapshotFunctions.Engine.Steps;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Hash256JsonConverter), typeof(ShardRangesJsonConverter)])]
[JsonSerializable(typeof(DeltaShardInput))]
[JsonSerializable(typeof(PatchShardInput))]
[JsonSerializable(typeof(FenceShardInput))]
[JsonSerializable(typeof(FenceOutcome))]
[JsonSerializable(typeof(ShardOutcome))]
internal sealed partial class StepJson : JsonSerializerContext;
