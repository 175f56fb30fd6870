using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Flows.Repairing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(Hash256JsonConverter), typeof(ShardRangesJsonConverter)])]
[JsonSerializable(typeof(RepairInput))]
[JsonSerializable(typeof(RepairResult))]
[JsonSerializable(typeof(RepairShardsInput))]
[JsonSerializable(typeof(RepairTally))]
internal sealed partial class RepairFlowJson : JsonSerializerContext;
