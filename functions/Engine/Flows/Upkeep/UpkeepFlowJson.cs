using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Steps.Upkeep;

namespace SnapshotFunctions.Engine.Flows.Upkeep;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(UpkeepInput))]
[JsonSerializable(typeof(UpkeepResult))]
internal sealed partial class UpkeepFlowJson : JsonSerializerContext;
