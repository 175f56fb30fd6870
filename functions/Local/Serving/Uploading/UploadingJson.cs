using System.Text.Json.Serialization;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Local.Serving.Uploading;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(GatheredFile))]
[JsonSerializable(typeof(UploadReceipt))]
[JsonSerializable(typeof(UploadClosing))]
internal sealed partial class UploadingJson : JsonSerializerContext;
