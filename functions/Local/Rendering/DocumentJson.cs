using System.Text.Json.Serialization;

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
[JsonSerializable(typeof(UndoDocument))]
[JsonSerializable(typeof(RebuildDocument))]
[JsonSerializable(typeof(RestoreDocument))]
[JsonSerializable(typeof(VerifyDocument))]
[JsonSerializable(typeof(DemoDocument))]
[JsonSerializable(typeof(MountDocument))]
[JsonSerializable(typeof(MountsDocument))]
[JsonSerializable(typeof(MountDiscardDocument))]
internal sealed partial class DocumentJson : JsonSerializerContext;
