using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Check;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(CheckMachineInput))]
[JsonSerializable(typeof(CheckMachineOutcome))]
[JsonSerializable(typeof(CheckFilesInput))]
[JsonSerializable(typeof(CheckFilesOutcome))]
[JsonSerializable(typeof(CheckShardInput))]
[JsonSerializable(typeof(CheckTally))]
internal sealed partial class CheckJson : JsonSerializerContext;
