using System.Text.Json.Serialization;

namespace SnapshotFunctions.Local.Mounting;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(MountRecord))]
internal sealed partial class MountingJson : JsonSerializerContext;
