using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.Engine.Planning.Simulation;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Http.Disks;
using SnapshotFunctions.Http.Jobs;
using SnapshotFunctions.Http.Machines;
using SnapshotFunctions.Http.Mounts;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http;

/// <summary>How the API's documents are written down.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(WordConverter<JobState>), typeof(WordConverter<VersionState>),
        typeof(WordConverter<VersionRole>), typeof(WordConverter<CheckDepth>),
        typeof(WordConverter<RestoreFormat>), typeof(WordConverter<RehydrationWish>),
        typeof(WordConverter<MountState>),
    ],
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ProblemKind))]
[JsonSerializable(typeof(JobDocument))]
[JsonSerializable(typeof(JobsDocument))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(UploadStatus))]
[JsonSerializable(typeof(UploadedFileStatus))]
[JsonSerializable(typeof(UploadGrant))]
[JsonSerializable(typeof(UploadClosing))]
[JsonSerializable(typeof(DiskChangesDocument))]
[JsonSerializable(typeof(RestoreRequest))]
[JsonSerializable(typeof(ConsolidateRequest))]
[JsonSerializable(typeof(UndoRequest))]
[JsonSerializable(typeof(CloneRequest))]
[JsonSerializable(typeof(PurgeRequest))]
[JsonSerializable(typeof(MountDocument))]
[JsonSerializable(typeof(MountsDocument))]
[JsonSerializable(typeof(CommitMountRequest))]
[JsonSerializable(typeof(VerifyRequest))]
[JsonSerializable(typeof(MachinesDocument))]
[JsonSerializable(typeof(MachineDocument))]
[JsonSerializable(typeof(VersionsDocument))]
[JsonSerializable(typeof(VersionDocument))]
[JsonSerializable(typeof(PolicyDocument))]
[JsonSerializable(typeof(PolicySetDocument))]
[JsonSerializable(typeof(SimulateRequest))]
[JsonSerializable(typeof(SimulationDocument))]
[JsonSerializable(typeof(PinRequest))]
[JsonSerializable(typeof(HoldDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(CostDocument))]
[JsonSerializable(typeof(CostsDocument))]
internal sealed partial class ApiJson : JsonSerializerContext;
