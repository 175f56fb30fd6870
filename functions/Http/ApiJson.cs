using System.Text.Json.Serialization;
using SnapshotFunctions.Http.Problems;

namespace SnapshotFunctions.Http;

/// <summary>How the API's documents are written down.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProblemKind))]
internal sealed partial class ApiJson : JsonSerializerContext;
