using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;

namespace SnapshotFunctions.Engine.Flows;

/// <summary>The flows that users start, by name.</summary>
public static class FlowNames
{
    /// <summary>Ingests a snapshot, then lets the rule move the base.</summary>
    public static FlowName<IngestInput, IngestResult> Ingest { get; } = new(
        "Ingest", FlowJson.Default.IngestInput, FlowJson.Default.IngestResult);

    /// <summary>Moves the base.</summary>
    public static FlowName<ConsolidateInput, ConsolidateResult> Consolidate { get; } = new(
        "Consolidate", FlowJson.Default.ConsolidateInput, FlowJson.Default.ConsolidateResult);

    /// <summary>Takes the newest version back.</summary>
    public static FlowName<UndoInput, UndoResult> Undo { get; } = new(
        "Undo", FlowJson.Default.UndoInput, FlowJson.Default.UndoResult);
}
