using SnapshotFunctions.Engine.Flows.Chunks;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Ingestion;

/// <summary>
/// <c>Ingest</c>: looks a snapshot through, opens an ingest, works through its shards, lists the
/// version, and lets the machine's rule move the base. A snapshot that turns out bad, or a job that
/// is cancelled, leaves no version and nothing that is listed.
/// </summary>
public sealed class IngestFlow(EngineOptions options)
    : Flow<IngestInput, IngestResult>(FlowNames.Ingest)
{
    private readonly TurnTaking _turns = new(options);
    private readonly BaseMoving _moving = new(options);

    /// <inheritdoc/>
    public override async Task<IngestResult> RunAsync(IFlowContext context, IngestInput input)
    {
        var time = context.UtcNow;
        var surveyed = await context.RunStepAsync(
            PhaseNames.SurveySnapshot,
            new SurveyInput(
                input.Machine,
                [.. input.Disks.Select(d => new SurveyDisk(d.Source, d.Name, d.Format))],
                input.Files is { Count: > 0 } named ? [.. named.Select(f => f.Name)] : null));
        var files = await SurveyFilesAsync(context, input);
        var (like, disks) = await DependentBase.BeginAsync(context, input, surveyed);
        var epoch = await _turns.TakeAsync(context, input.Machine, create: true);
        try
        {
            var ticket = await context.RunStepAsync(
                PhaseNames.OpenIngest,
                new OpenIngestInput(
                    input.Machine, context.InstanceId, epoch, input.Parent, input.Label,
                    input.Snapshot, time, disks));
            await StoreFilesAsync(context, input.Machine, epoch, ticket, files);
            var chunks = await DeltaAsync(context, input.Machine, epoch, ticket);
            var closed = await context.RunStepAsync(
                PhaseNames.CloseIngest,
                new CloseIngestInput(input.Machine, epoch, ticket, chunks));
            var (target, moves) = await MoveBaseAsync(context, input.Machine, epoch, closed.Version);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            return new IngestResult(
                input.Machine, closed.Version, ticket.Parent == 0 ? null : ticket.Parent,
                ticket.Newest, closed.Fingerprint, closed.ChangedBytes, closed.StoredBytes, target,
                moves, like);
        }
        catch (StepFailedException)
        {
            await _turns.AbortAsync(context, input.Machine, epoch, 0);
            await TurnTaking.FinishAsync(context, input.Machine, epoch);
            throw;
        }
    }

    private static async Task<List<SurveyedFile>> SurveyFilesAsync(
        IFlowContext context, IngestInput input)
    {
        var surveyed = new List<SurveyedFile>();
        foreach (var batch in (input.Files ?? []).Chunk(UploadedFiles.MostAtOnce))
            surveyed.AddRange(await context.RunStepAsync(
                PhaseNames.SurveyFiles,
                new SurveyFilesInput(
                    input.Machine, [.. batch.Select(f => new SurveyFile(f.Source, f.Name))])));
        return surveyed;
    }

    /// <summary>
    /// One batch after the other: each finds in the manifest where the one before has ended.
    /// </summary>
    private static async Task StoreFilesAsync(
        IFlowContext context, string machine, long epoch, IngestTicket ticket,
        List<SurveyedFile> files)
    {
        var first = 0;
        foreach (var batch in files.Chunk(UploadedFiles.MostAtOnce))
        {
            await context.RunStepAsync(
                PhaseNames.StoreFiles,
                new StoreFilesInput(
                    machine, epoch, ticket.Operation, ticket.Version, first, batch));
            first += batch.Length;
        }
    }

    private async Task<IReadOnlyList<ChunkRecord>> DeltaAsync(
        IFlowContext context, string machine, long epoch, IngestTicket ticket)
    {
        var disks = ticket.Disks.ToDictionary(d => d.Name, StringComparer.Ordinal);
        return await FanOut.RunAsync(
            context, ChunkNames.DeltaShards,
            [.. ticket.Disks.Select(d => new DiskShards(d.Name, d.Shards))],
            (disk, shards, chunk, record) => new ChunkInput(
                machine, disk, ticket.Operation, epoch, shards, chunk, record,
                Ingest: Describe(ticket, disks[disk])),
            options, "ingesting", canEnd: true);
    }

    private static IngestChunk Describe(IngestTicket ticket, TicketDisk disk) => new(
        ticket.Version, ticket.Newest, disk.Parent, disk.Source, disk.Identity, disk.Format,
        disk.SizeBytes, disk.NewestBytes, ticket.Card);

    /// <summary>The version is acknowledged already: an error from here on says so.</summary>
    private async Task<(int Target, int Moves)> MoveBaseAsync(
        IFlowContext context, string machine, long epoch, int version)
    {
        try
        {
            return await _moving.RunAsync(context, machine, epoch, 0);
        }
        catch (StepFailedException error)
        {
            throw new StepFailedException(
                error.Step, error.Code,
                $"Version {version} of '{machine}' is stored, but moving the base failed: "
                + error.Message);
        }
    }
}
