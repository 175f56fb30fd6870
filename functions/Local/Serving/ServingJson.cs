using System.Text.Json.Serialization;

namespace SnapshotFunctions.Local.Serving;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TakingMark))]
[JsonSerializable(typeof(ServeEvent))]
[JsonSerializable(typeof(HealthDocument))]
internal sealed partial class ServingJson : JsonSerializerContext;
