using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Steps.Mounting;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FreezeMountInput))]
[JsonSerializable(typeof(FrozenMount))]
[JsonSerializable(typeof(SealMountInput))]
[JsonSerializable(typeof(MountJobInput))]
[JsonSerializable(typeof(bool))]
internal sealed partial class MountStepJson : JsonSerializerContext;
