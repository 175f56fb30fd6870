using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Hash256JsonConverter), typeof(ShardRangesJsonConverter)])]
[JsonSerializable(typeof(IngestInput))]
[JsonSerializable(typeof(IngestResult))]
[JsonSerializable(typeof(ConsolidateInput))]
[JsonSerializable(typeof(ConsolidateResult))]
[JsonSerializable(typeof(UndoInput))]
[JsonSerializable(typeof(UndoResult))]
[JsonSerializable(typeof(ExpireInput))]
[JsonSerializable(typeof(RetentionInput))]
[JsonSerializable(typeof(ExpireResult))]
[JsonSerializable(typeof(ChunkInput))]
[JsonSerializable(typeof(ChunkRecord))]
internal sealed partial class FlowJson : JsonSerializerContext;
