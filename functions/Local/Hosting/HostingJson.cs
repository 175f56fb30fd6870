using System.Text.Json.Serialization;

namespace SnapshotFunctions.Local.Hosting;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DriverRecord))]
internal sealed partial class HostingJson : JsonSerializerContext;
