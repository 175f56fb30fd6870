using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>
/// <c>FenceShard</c>: commits a shard's block list again under a newer operation, so that the
/// commit of a stalled worker of the older one meets another ETag and fails. A shard that the older
/// operation has completed is told so and left as it is.
/// </summary>
public sealed class FenceShardStep(StepServices services)
    : Step<FenceShardInput, ShardOutcome>(StepNames.FenceShard)
{
    /// <inheritdoc/>
    public override async Task<ShardOutcome> RunAsync(
        FenceShardInput input, CancellationToken cancellation)
    {
        var manifest = await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        var image = await BaseImage.OpenAsync(
            services.BaseStore, input.Key, manifest.Head, cancellation);
        var footer = image.Footer;
        var operation = image.Exists ? footer.Header.Operation : 0;
        if (operation > input.Operation)
            throw new SupersededException(input.Operation, operation, image.Name);
        if (operation == input.Operation) return Outcome(input, false, footer);
        var isCompleted = image.Exists && operation == input.Fenced;
        if (isCompleted && !input.Empties) return Outcome(input, true, footer);
        await using var writer = new BaseWriter(services.BaseStore, image, input.Operation);
        if (input.Empties && isCompleted)
            await writer.SealEmptyAsync(cancellation);
        else
            await writer.SealAsync(
                footer.Version, footer.Version, footer.DiskBytes, footer.Card, cancellation);
        await writer.CommitAsync(
            DeltaTiers.OfBase(manifest.Head.Policy, services.Options), cancellation);
        return Outcome(input, false, footer);
    }

    /// <summary>"Changed" says that the fenced operation had completed the shard.</summary>
    private static ShardOutcome Outcome(
        FenceShardInput input, bool isCompleted, BaseFooter footer) =>
        new(input.Shard, isCompleted, footer.Node, 0, 0, footer.Version);
}
