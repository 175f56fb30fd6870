using Microsoft.Azure.Functions.Worker;
using SnapshotFunctions.App.Durable;

namespace SnapshotFunctions.App.Functions;

/// <summary>The steps of an ingest and of a turn as activities, a line each.</summary>
public sealed class IngestionFunctions(StepRunner runner)
{
    /// <summary>Claims a machine.</summary>
    [Function("TakeTurn")]
    public Task<string> TakeTurnAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("TakeTurn", input, cancellation);

    /// <summary>Gives a machine's turn back.</summary>
    [Function("FinishTurn")]
    public Task<string> FinishTurnAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("FinishTurn", input, cancellation);

    /// <summary>Looks a snapshot through.</summary>
    [Function("SurveySnapshot")]
    public Task<string> SurveySnapshotAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("SurveySnapshot", input, cancellation);

    /// <summary>Lists an ingest.</summary>
    [Function("OpenIngest")]
    public Task<string> OpenIngestAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("OpenIngest", input, cancellation);

    /// <summary>Ingests a shard.</summary>
    [Function("DeltaShard")]
    public Task<string> DeltaShardAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("DeltaShard", input, cancellation);

    /// <summary>Lists a version.</summary>
    [Function("CloseIngest")]
    public Task<string> CloseIngestAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CloseIngest", input, cancellation);

    /// <summary>Puts a chunk's outcomes down.</summary>
    [Function("RecordChunk")]
    public Task<string> RecordChunkAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("RecordChunk", input, cancellation);

    /// <summary>Begins to end an operation.</summary>
    [Function("BeginAbort")]
    public Task<string> BeginAbortAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("BeginAbort", input, cancellation);

    /// <summary>Takes an operation from the manifest.</summary>
    [Function("CloseAbort")]
    public Task<string> CloseAbortAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("CloseAbort", input, cancellation);

    /// <summary>Looks at an upload.</summary>
    [Function("LookAtUpload")]
    public Task<string> LookAtUploadAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("LookAtUpload", input, cancellation);

    /// <summary>Removes an upload that was taken.</summary>
    [Function("RemoveUpload")]
    public Task<string> RemoveUploadAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("RemoveUpload", input, cancellation);

    /// <summary>Puts a bad upload aside.</summary>
    [Function("PutUploadAside")]
    public Task<string> PutUploadAsideAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("PutUploadAside", input, cancellation);

    /// <summary>Publishes outcomes.</summary>
    [Function("Announce")]
    public Task<string> AnnounceAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("Announce", input, cancellation);

    /// <summary>Writes a job's end into the table of jobs.</summary>
    [Function(OrchestrationRunner.RecordJob)]
    public Task<string> RecordJobAsync(
        [ActivityTrigger] string row, CancellationToken cancellation) =>
        runner.RecordAsync(row, cancellation);

    /// <summary>Looks machine files through.</summary>
    [Function("SurveyFiles")]
    public Task<string> SurveyFilesAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("SurveyFiles", input, cancellation);

    /// <summary>Keeps machine files.</summary>
    [Function("StoreFiles")]
    public Task<string> StoreFilesAsync(
        [ActivityTrigger] string input, CancellationToken cancellation) =>
        runner.RunAsync("StoreFiles", input, cancellation);
}
