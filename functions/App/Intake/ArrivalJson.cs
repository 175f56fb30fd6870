using System.Text.Json.Serialization;

namespace SnapshotFunctions.App.Intake;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ArrivalMessage))]
internal sealed partial class ArrivalJson : JsonSerializerContext;
