using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>How the files beside an upload, and the inputs of its flow, are written down.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Hash256JsonConverter)])]
[JsonSerializable(typeof(SnapshotNote))]
[JsonSerializable(typeof(QuarantineReason))]
[JsonSerializable(typeof(TakeUploadInput))]
[JsonSerializable(typeof(TakeUploadResult))]
[JsonSerializable(typeof(UploadLook))]
[JsonSerializable(typeof(RemoveUploadInput))]
[JsonSerializable(typeof(PutAsideInput))]
[JsonSerializable(typeof(PutAsideOutcome))]
public sealed partial class IntakeJson : JsonSerializerContext;
