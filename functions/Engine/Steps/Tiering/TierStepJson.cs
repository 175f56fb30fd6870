using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Tiering;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Hash256JsonConverter)])]
[JsonSerializable(typeof(PlanTierInput))]
[JsonSerializable(typeof(TierTicket))]
[JsonSerializable(typeof(MoveTierInput))]
[JsonSerializable(typeof(MoveTierOutcome))]
[JsonSerializable(typeof(OpenPackInput))]
[JsonSerializable(typeof(PackTicket))]
[JsonSerializable(typeof(WritePackInput))]
[JsonSerializable(typeof(PackOutcome))]
[JsonSerializable(typeof(ClosePackInput))]
[JsonSerializable(typeof(bool))]
internal sealed partial class TierStepJson : JsonSerializerContext;
