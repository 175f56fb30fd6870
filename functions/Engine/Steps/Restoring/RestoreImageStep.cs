using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Qcow2;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>
/// <c>RestoreImage</c>: writes a whole disk as one qcow2 image, from its first byte to its last.
/// Repeating it writes the same bytes again. What is to be written next is read ahead, so that
/// decoding keeps all processors busy although the file is written in one row.
/// </summary>
public sealed class RestoreImageStep(StepServices services, IRestoreTargets targets)
    : Step<RestoreImageInput, RestoreOutcome>(RestoreSteps.Image)
{
    /// <inheritdoc/>
    public override async Task<RestoreOutcome> RunAsync(
        RestoreImageInput input, CancellationToken cancellation)
    {
        var source = input.Source;
        var view = await services.Views.OpenAsync(
            source.Machine, source.Version, source.Disk, cancellation);
        await using var target = await targets.OpenAsync(
            input.Target.Request, input.Target.Identity, cancellation);
        var extents = new ViewExtents(view, input.Shards);
        await using var ahead = new ReadAhead(
            view, extents.ExtentsAsync, services.Options.WindowBlocks * view.Layout.BlockBytes,
            services.Options.WindowsAtOnce + 1);
        await using var stream = new TargetStream(target);
        await Qcow2Writer.WriteAsync(
            stream, view.SizeBytes, extents.ExtentsAsync, ahead.ReadAsync, cancellation);
        await target.FlushAsync(cancellation);
        return new RestoreOutcome(stream.Position, 0, 0, stream.Position);
    }
}
