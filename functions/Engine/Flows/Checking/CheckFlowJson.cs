using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Flows.Checking;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Hash256JsonConverter), typeof(ShardRangesJsonConverter)])]
[JsonSerializable(typeof(VerifyInput))]
[JsonSerializable(typeof(VerifyResult))]
[JsonSerializable(typeof(VerifyShardsInput))]
[JsonSerializable(typeof(CheckTally))]
[JsonSerializable(typeof(RebuildInput))]
[JsonSerializable(typeof(RebuildResult))]
internal sealed partial class CheckFlowJson : JsonSerializerContext;
