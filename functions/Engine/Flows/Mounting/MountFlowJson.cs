using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Flows.Mounting;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Hash256JsonConverter)])]
[JsonSerializable(typeof(CommitMountInput))]
[JsonSerializable(typeof(CommitMountResult))]
internal sealed partial class MountFlowJson : JsonSerializerContext;
