using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SnapshotFunctions.Http.Disks;
using SnapshotFunctions.Http.Jobs;
using SnapshotFunctions.Http.Problems;

namespace SnapshotFunctions.Http;

/// <summary>How the API's documents are written down.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProblemKind))]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(DiskChangesDocument))]
internal sealed partial class ApiJson : JsonSerializerContext;
