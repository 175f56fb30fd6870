using System.Text.Json.Serialization;

namespace SnapshotFunctions.AppTests.Durable;

[JsonSerializable(typeof(string))]
internal sealed partial class CodeJson : JsonSerializerContext;
