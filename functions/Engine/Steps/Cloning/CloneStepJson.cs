using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Cloning;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Hash256JsonConverter), typeof(ShardRangesJsonConverter)])]
[JsonSerializable(typeof(ChooseOriginInput))]
[JsonSerializable(typeof(ChosenOrigin))]
[JsonSerializable(typeof(PinOriginInput))]
[JsonSerializable(typeof(CloneTicket))]
[JsonSerializable(typeof(CreateCloneInput))]
[JsonSerializable(typeof(CreatedClone))]
[JsonSerializable(typeof(UnpinOriginInput))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(FlattenInput))]
[JsonSerializable(typeof(FlattenTicket))]
[JsonSerializable(typeof(FlattenShardInput))]
[JsonSerializable(typeof(ShardOutcome))]
[JsonSerializable(typeof(CloseFlattenInput))]
[JsonSerializable(typeof(long))]
internal sealed partial class CloneStepJson : JsonSerializerContext;
