using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FindMachinesInput))]
[JsonSerializable(typeof(FoundMachines))]
[JsonSerializable(typeof(RebuildMachineInput))]
[JsonSerializable(typeof(RebuiltMachine))]
internal sealed partial class RebuildJson : JsonSerializerContext;
