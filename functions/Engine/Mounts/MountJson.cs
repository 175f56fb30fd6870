using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>How records and seals are written, as strictly as manifests are.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    MaxDepth = 16,
    Converters = [typeof(Hash256JsonConverter)])]
[JsonSerializable(typeof(MountRecord))]
[JsonSerializable(typeof(MountSeal))]
[JsonSerializable(typeof(SealedChunks))]
internal sealed partial class MountJson : JsonSerializerContext;
