using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// <c>CheckShard</c>: checks one shard at all its versions. It changes nothing and takes no turn:
/// what it finds counts only if the shard stood still from before the first read to after the last.
/// </summary>
public sealed class CheckShardStep(StepServices services)
    : Step<CheckShardInput, CheckTally>(CheckStepNames.CheckShard)
{
    /// <summary>How often a shard that moves under the check is looked at again.</summary>
    public const int MostAttempts = 8;

    /// <inheritdoc/>
    public override async Task<CheckTally> RunAsync(
        CheckShardInput input, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var findings = new Findings();
            var before = await RunOnceAsync(input, findings, cancellation);
            if (findings.Errors == 0 && before is not null) return findings.Close(1);
            var after = await SignatureAsync(input.Key, cancellation);
            if (string.Equals(before, after, StringComparison.Ordinal)) return findings.Close(1);
            if (attempt < MostAttempts) continue;
            var moving = new Findings();
            moving.Warn(
                ObjectNames.Base(input.Key), "a shard that stands still while it is checked",
                $"it moved {MostAttempts} times; check it again later");
            return moving.Close(1);
        }
    }

    /// <summary>Checks once; answers what the shard was made of, or null when it was overtaken.</summary>
    private async Task<string?> RunOnceAsync(
        CheckShardInput input, Findings findings, CancellationToken cancellation)
    {
        ShardChain chain;
        try
        {
            chain = await ShardChain.LoadAsync(services.BaseStore, input.Key, cancellation);
        }
        catch (OvertakenException)
        {
            return null;
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            await BrokenAsync(error, input.Key, findings, cancellation);
            return $"{error.Message}";
        }
        try
        {
            await new ShardCheck(services, chain, new PageChoice(input), input.Depth, findings)
                .RunAsync(cancellation);
            return chain.Signature;
        }
        catch (OvertakenException)
        {
            return null;
        }
    }

    private async Task<string?> SignatureAsync(ShardKey shard, CancellationToken cancellation)
    {
        try
        {
            return (await ShardChain.LoadAsync(services.BaseStore, shard, cancellation)).Signature;
        }
        catch (OvertakenException)
        {
            return null;
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            return $"{error.Message}";
        }
    }

    /// <summary>Base or manifest cannot be read: every version that can be listed is affected.</summary>
    private async Task BrokenAsync(
        SnapshotException error, ShardKey shard, Findings findings, CancellationToken cancellation)
    {
        var (name, expected, found) = Findings.Describe(error, ObjectNames.Base(shard));
        var marks = new List<VersionMark>();
        try
        {
            var manifest = await FreshManifest.LoadAsync(
                services.BaseStore, shard.Machine, cancellation);
            await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
                marks.Add(new VersionMark(version.Number, version.State));
        }
        catch (SnapshotException unreadable) when (unreadable is not StoreBusyException)
        {
            // The manifest itself is damaged; its own check names the versions.
        }
        findings.Error(name, expected, found, VersionMark.Text(marks));
    }
}
