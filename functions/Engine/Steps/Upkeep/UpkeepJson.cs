using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Steps.Upkeep;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(UpkeepInput))]
[JsonSerializable(typeof(UpkeepDue))]
[JsonSerializable(typeof(UpkeepDone))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
internal sealed partial class UpkeepJson : JsonSerializerContext;
