using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Planning.Simulation;
using SnapshotFunctions.Http.Costs;

namespace SnapshotFunctions.Local.Rendering;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(IngestDocument))]
[JsonSerializable(typeof(InspectDocument))]
[JsonSerializable(typeof(MachinesDocument))]
[JsonSerializable(typeof(VersionsDocument))]
[JsonSerializable(typeof(DetailDocument))]
[JsonSerializable(typeof(MachineFilesDocument))]
[JsonSerializable(typeof(ReadDocument))]
[JsonSerializable(typeof(DiffDocument))]
[JsonSerializable(typeof(ConsolidateDocument))]
[JsonSerializable(typeof(TiersDocument))]
[JsonSerializable(typeof(UndoDocument))]
[JsonSerializable(typeof(ExpireDocument))]
[JsonSerializable(typeof(RetentionDocument))]
[JsonSerializable(typeof(MarksDocument))]
[JsonSerializable(typeof(RebuildDocument))]
[JsonSerializable(typeof(RestoreDocument))]
[JsonSerializable(typeof(VerifyDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(MountDocument))]
[JsonSerializable(typeof(MountsDocument))]
[JsonSerializable(typeof(MountDiscardDocument))]
[JsonSerializable(typeof(CloneDocument))]
[JsonSerializable(typeof(FlattenDocument))]
[JsonSerializable(typeof(PurgeResultDocument))]
[JsonSerializable(typeof(TreesDocument))]
[JsonSerializable(typeof(PolicySetDocument))]
[JsonSerializable(typeof(SimulationDocument))]
[JsonSerializable(typeof(PinnedDocument))]
[JsonSerializable(typeof(HeldDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(CostsDocument))]
[JsonSerializable(typeof(UpkeepDocument))]
internal sealed partial class DocumentJson : JsonSerializerContext;
