using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps.Restoring;

namespace SnapshotFunctions.Engine.Flows.Restoring;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(Hash256JsonConverter), typeof(ShardRangesJsonConverter)])]
[JsonSerializable(typeof(RestoreInput))]
[JsonSerializable(typeof(RestoreResult))]
[JsonSerializable(typeof(RestoreShardsInput))]
[JsonSerializable(typeof(RestoreOutcome))]
internal sealed partial class RestoreJson : JsonSerializerContext;
