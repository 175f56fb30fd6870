using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary>
/// <c>Verify</c>: checks the manifest, then all shards in chunks. It takes no turn: operations may
/// run beside it. Whatever is damaged is a finding; it fails only when a store does not answer.
/// </summary>
public sealed class VerifyFlow(EngineOptions options)
    : Flow<VerifyInput, VerifyResult>(CheckNames.Verify)
{
    /// <inheritdoc/>
    public override async Task<VerifyResult> RunAsync(IFlowContext context, VerifyInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        context.Report(new FlowProgress("manifest", 0, 0, "shards"));
        var machine = await context.RunStepAsync(
            CheckStepNames.CheckMachine, new CheckMachineInput(input.Machine));
        var tally = machine.Tally;
        if (machine.HasFiles) tally = tally.Plus(await FilesAsync(context, input));
        var chunks = Chunks(input, machine.Disks).ToList();
        var total = chunks.Sum(c => c.Count);
        for (var i = 0; i < chunks.Count && !context.IsCancelRequested; i += options.ChunksAtOnce)
        {
            var parts = chunks.Skip(i).Take(options.ChunksAtOnce)
                .Select(c => RunAsync(context, c));
            foreach (var part in await Task.WhenAll(parts)) tally = tally.Plus(part);
            context.Report(new FlowProgress("shards", tally.Shards, total, "shards"));
        }
        if (context.IsCancelRequested && tally.Shards < total)
            tally = tally.Plus(Warning(
                input.Machine, $"{total} shards to be checked", $"{tally.Shards}: it was cancelled"));
        return new VerifyResult(input.Machine, input.Depth, tally.Errors == 0, tally);
    }

    /// <summary>A tally of one warning that no step can give.</summary>
    internal static CheckTally Warning(string objectName, string expected, string found) => new()
    {
        Warnings = 1,
        Findings = [new Finding(FindingSeverity.Warning, objectName, expected, found, string.Empty)],
    };

    private static async Task<CheckTally> FilesAsync(IFlowContext context, VerifyInput input)
    {
        context.Report(new FlowProgress("machine files", 0, 0, "files"));
        var tally = new CheckTally();
        var from = 1;
        while (from != 0 && !context.IsCancelRequested)
        {
            var part = await context.RunStepAsync(
                CheckStepNames.CheckFiles, new CheckFilesInput(input.Machine, from, input.Depth, input.Share));
            tally = tally.Plus(part.Tally);
            from = part.Next;
        }
        return from == 0 ? tally : tally.Plus(Warning(
            input.Machine, "machine files of all versions to be checked",
            $"those below version {from}: it was cancelled"));
    }

    private static Task<CheckTally> RunAsync(IFlowContext context, VerifyShardsInput chunk) =>
        context.RunFlowAsync(CheckNames.VerifyShards, chunk);

    private IEnumerable<VerifyShardsInput> Chunks(
        VerifyInput input, IReadOnlyList<DiskShards> disks)
    {
        foreach (var disk in disks)
        {
            for (var first = 0; first < disk.Count; first += options.ChunkSteps)
            {
                yield return new VerifyShardsInput(
                    input.Machine, disk.Disk, first,
                    Math.Min(options.ChunkSteps, disk.Count - first), input.Depth, input.Percent,
                    input.Rotation)
                {
                    Share = input.Share,
                };
            }
        }
    }
}
