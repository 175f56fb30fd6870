using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>The steps that read or write a manifest, by name.</summary>
public static class PhaseNames
{
    /// <summary>Claims the machine.</summary>
    public static StepName<TurnInput, Turn> TakeTurn { get; } = new(
        "TakeTurn", StepJson.Default.TurnInput, StepJson.Default.Turn);

    /// <summary>Gives the machine back.</summary>
    public static StepName<FinishInput, bool> FinishTurn { get; } = new(
        "FinishTurn", StepJson.Default.FinishInput, StepJson.Default.Boolean);

    /// <summary>Looks the images through.</summary>
    public static StepName<SurveyInput, IReadOnlyList<SurveyedDisk>> SurveySnapshot { get; } = new(
        "SurveySnapshot", StepJson.Default.SurveyInput,
        StepJson.Default.IReadOnlyListSurveyedDisk);

    /// <summary>Reads machine files once.</summary>
    public static StepName<SurveyFilesInput, IReadOnlyList<SurveyedFile>> SurveyFiles { get; } = new(
        "SurveyFiles", StepJson.Default.SurveyFilesInput,
        StepJson.Default.IReadOnlyListSurveyedFile);

    /// <summary>Keeps machine files.</summary>
    public static StepName<StoreFilesInput, long> StoreFiles { get; } = new(
        "StoreFiles", StepJson.Default.StoreFilesInput, StepJson.Default.Int64);

    /// <summary>Opens an ingest.</summary>
    public static StepName<OpenIngestInput, IngestTicket> OpenIngest { get; } = new(
        "OpenIngest", StepJson.Default.OpenIngestInput, StepJson.Default.IngestTicket);

    /// <summary>Lists the version.</summary>
    public static StepName<CloseIngestInput, ClosedIngest> CloseIngest { get; } = new(
        "CloseIngest", StepJson.Default.CloseIngestInput, StepJson.Default.ClosedIngest);

    /// <summary>Keeps a chunk's outcomes.</summary>
    public static StepName<RecordChunkInput, ChunkRecord> RecordChunk { get; } = new(
        "RecordChunk", StepJson.Default.RecordChunkInput, StepJson.Default.ChunkRecord);

    /// <summary>Opens an operation on bases.</summary>
    public static StepName<OpenMoveInput, MoveTicket> OpenMove { get; } = new(
        "OpenMove", StepJson.Default.OpenMoveInput, StepJson.Default.MoveTicket);

    /// <summary>Lists what an operation on bases has written.</summary>
    public static StepName<CloseMoveInput, bool> CloseMove { get; } = new(
        "CloseMove", StepJson.Default.CloseMoveInput, StepJson.Default.Boolean);

    /// <summary>Lists a fence.</summary>
    public static StepName<BeginAbortInput, FenceTicket> BeginAbort { get; } = new(
        "BeginAbort", StepJson.Default.BeginAbortInput, StepJson.Default.FenceTicket);

    /// <summary>Takes an operation that was shut out from the manifest.</summary>
    public static StepName<CloseAbortInput, bool> CloseAbort { get; } = new(
        "CloseAbort", StepJson.Default.CloseAbortInput, StepJson.Default.Boolean);

    /// <summary>Marks the newest version withdrawn.</summary>
    public static StepName<UndoPhaseInput, UndoTicket> Withdraw { get; } = new(
        "Withdraw", StepJson.Default.UndoPhaseInput, StepJson.Default.UndoTicket);

    /// <summary>Takes the withdrawn version out of the lists.</summary>
    public static StepName<UndoPhaseInput, bool> CloseUndo { get; } = new(
        "CloseUndo", StepJson.Default.UndoPhaseInput, StepJson.Default.Boolean);

    /// <summary>Opens the making of merged indexes.</summary>
    public static StepName<OpenMergeInput, MergeTicket> OpenMerge { get; } = new(
        "OpenMerge", StepJson.Default.OpenMergeInput, StepJson.Default.MergeTicket);

    /// <summary>Lists merged indexes.</summary>
    public static StepName<CloseMergeInput, bool> CloseMerge { get; } = new(
        "CloseMerge", StepJson.Default.CloseMergeInput, StepJson.Default.Boolean);

    /// <summary>Tells which versions expire.</summary>
    public static StepName<PlanExpiryInput, ExpiryTicket> PlanExpiry { get; } = new(
        "PlanExpiry", StepJson.Default.PlanExpiryInput, StepJson.Default.ExpiryTicket);

    /// <summary>Opens the expiry of some versions.</summary>
    public static StepName<OpenExpiryInput, RewriteTicket> OpenExpiry { get; } = new(
        "OpenExpiry", StepJson.Default.OpenExpiryInput, StepJson.Default.RewriteTicket);

    /// <summary>Lists rewritten deltas in place of those they were made of.</summary>
    public static StepName<CloseRewriteInput, bool> CloseRewrite { get; } = new(
        "CloseRewrite", StepJson.Default.CloseRewriteInput, StepJson.Default.Boolean);
}
