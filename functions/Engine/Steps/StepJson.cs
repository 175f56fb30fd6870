using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps.Consolidation;
using SnapshotFunctions.Engine.Steps.Ingestion;
using SnapshotFunctions.Engine.Steps.Merging;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.Engine.Steps.Rewriting;

namespace SnapshotFunctions.Engine.Steps;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(Hash256JsonConverter), typeof(ShardRangesJsonConverter)])]
[JsonSerializable(typeof(DeltaShardInput))]
[JsonSerializable(typeof(PatchShardInput))]
[JsonSerializable(typeof(FenceShardInput))]
[JsonSerializable(typeof(ShardOutcome))]
[JsonSerializable(typeof(TurnInput))]
[JsonSerializable(typeof(Turn))]
[JsonSerializable(typeof(FinishInput))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(SurveyInput))]
[JsonSerializable(typeof(IReadOnlyList<SurveyedDisk>))]
[JsonSerializable(typeof(SurveyFilesInput))]
[JsonSerializable(typeof(IReadOnlyList<SurveyedFile>))]
[JsonSerializable(typeof(StoreFilesInput))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(OpenIngestInput))]
[JsonSerializable(typeof(IngestTicket))]
[JsonSerializable(typeof(CloseIngestInput))]
[JsonSerializable(typeof(ClosedIngest))]
[JsonSerializable(typeof(RecordChunkInput))]
[JsonSerializable(typeof(ChunkRecord))]
[JsonSerializable(typeof(OpenMoveInput))]
[JsonSerializable(typeof(MoveTicket))]
[JsonSerializable(typeof(CloseMoveInput))]
[JsonSerializable(typeof(BeginAbortInput))]
[JsonSerializable(typeof(FenceTicket))]
[JsonSerializable(typeof(CloseAbortInput))]
[JsonSerializable(typeof(UndoPhaseInput))]
[JsonSerializable(typeof(UndoTicket))]
[JsonSerializable(typeof(MergeShardInput))]
[JsonSerializable(typeof(OpenMergeInput))]
[JsonSerializable(typeof(MergeTicket))]
[JsonSerializable(typeof(CloseMergeInput))]
[JsonSerializable(typeof(ComposeShardInput))]
[JsonSerializable(typeof(CloseRewriteInput))]
[JsonSerializable(typeof(PlanExpiryInput))]
[JsonSerializable(typeof(ExpiryTicket))]
[JsonSerializable(typeof(OpenExpiryInput))]
[JsonSerializable(typeof(RewriteTicket))]
internal sealed partial class StepJson : JsonSerializerContext;
