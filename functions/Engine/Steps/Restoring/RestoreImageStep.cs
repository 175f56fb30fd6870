using System.Buffers;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Disks.Qcow2;
using SnapshotFunctions.Engine.Disks.Vmdk;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>
/// <c>RestoreImage</c>: writes a whole disk as one image, from its first byte to its last.
/// Repeating it writes the same bytes again. What is to be written next is read ahead, so that
/// decoding keeps all processors busy although the file is written in one row.
/// </summary>
public sealed class RestoreImageStep(StepServices services, IRestoreTargets targets)
    : Step<RestoreImageInput, RestoreOutcome>(RestoreSteps.Image)
{
    private const int BufferBytes = 1 << 20;

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
            services.Options.RequestsAtOnce);
        var disk = new ExportDisk(
            view.SizeBytes, view.Disk.Node, ahead.ReadAsync, extents.ExtentsAsync);
        if (input.Format is not (ExportFormats.Qcow2 or ExportFormats.Vmdk))
        {
            return await WriteAsync(
                await ExportFormats.OpenAsync(input.Format, disk, cancellation), target,
                cancellation);
        }
        await using var stream = new TargetStream(target);
        if (input.Format is ExportFormats.Vmdk)
            await VmdkStreamWriter.WriteAsync(stream, disk, cancellation);
        else
            await Qcow2Writer.WriteAsync(
                stream, view.SizeBytes, extents.ExtentsAsync, ahead.ReadAsync, cancellation);
        await target.FlushAsync(cancellation);
        return new RestoreOutcome(stream.Position, 0, 0, stream.Position);
    }

    /// <summary>Writes what the layout says may hold anything; the rest of a new target is zeros.</summary>
    private static async Task<RestoreOutcome> WriteAsync(
        IExportLayout layout, IRestoreTarget target, CancellationToken cancellation)
    {
        var written = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (var at = 0L; layout.NextData(at) is { } data;)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(BufferBytes, data.Length));
                at = data.Offset + part.Length;
                await layout.ReadAsync(data.Offset, part, cancellation);
                // Zeros within a stored block take no room either; the last bytes give the length.
                if (at < layout.LengthBytes && !part.Span.ContainsAnyExcept((byte)0)) continue;
                await target.WriteAsync(data.Offset, part, cancellation);
                written += part.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        await target.FlushAsync(cancellation);
        return new RestoreOutcome(written, 0, 0, layout.LengthBytes);
    }
}
