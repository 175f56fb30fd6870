using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary><c>VerifyShards</c>: checks some shards side by side.</summary>
public sealed class VerifyShardsFlow()
    : Flow<VerifyShardsInput, CheckTally>(CheckNames.VerifyShards)
{
    /// <inheritdoc/>
    public override async Task<CheckTally> RunAsync(IFlowContext context, VerifyShardsInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var parts = await Task.WhenAll(
            Enumerable.Range(input.First, input.Count).Select(s => RunAsync(context, input, s)));
        return parts.Aggregate(new CheckTally(), (sum, part) => sum.Plus(part));
    }

    private static async Task<CheckTally> RunAsync(
        IFlowContext context, VerifyShardsInput input, int shard)
    {
        try
        {
            return await context.RunStepAsync(
                CheckStepNames.CheckShard,
                new CheckShardInput(
                    input.Machine, input.Disk, shard, input.Depth, input.Percent,
                    input.Rotation)
                {
                    Share = input.Share,
                });
        }
        catch (StepFailedException error)
        {
            // One shard that cannot be looked at must not hide what the others have.
            var unchecked_ = VerifyFlow.Warning(
                $"{input.Machine}/{input.Disk}/{shard}", "a shard that can be checked",
                $"{error.Code}: {Cut(error.Message)}");
            return unchecked_ with
            {
                Shards = 1,
                Errors = 1,
                Warnings = 0,
                Findings = [unchecked_.Findings[0] with { Severity = FindingSeverity.Error }],
            };
        }
    }

    private static string Cut(string text) => text.Length <= 200 ? text : text[..200];
}
