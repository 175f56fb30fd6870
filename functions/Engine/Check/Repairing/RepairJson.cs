using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Check.Repairing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(Hash256JsonConverter), typeof(ShardRangesJsonConverter)])]
[JsonSerializable(typeof(OpenRepairInput))]
[JsonSerializable(typeof(RepairTicket))]
[JsonSerializable(typeof(RepairShardInput))]
[JsonSerializable(typeof(RepairTally))]
internal sealed partial class RepairJson : JsonSerializerContext;
