using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// How heads and pages are written: camel case, nulls left out, enums by name. Unknown members are
/// refused: a program that rewrote a head without what it does not know would lose it.
/// </summary>
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
[JsonSerializable(typeof(ManifestHead))]
[JsonSerializable(typeof(VersionPage))]
[JsonSerializable(typeof(OriginNote))]
internal sealed partial class ManifestJson : JsonSerializerContext;
