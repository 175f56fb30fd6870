using System.Text.Json;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Phases;
using SnapshotFunctions.Engine.Steps.Writing;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Consolidation;

/// <summary>
/// <c>PatchShard</c>: moves the base of one shard over up to 16 deltas in one pass, forwards or
/// backwards, and saves the deltas the other way. Order of writes, each with what a crash after it
/// leaves: staged blocks (nothing to see); the proof; the saved deltas (listed by the operation,
/// the old base still holds their bytes); the base's block list (done).
/// </summary>
public sealed class PatchShardStep : Step<PatchShardInput, ShardOutcome>
{
    private readonly StepServices _services;
    private readonly ISectorOverlay _overlay;

    /// <summary>The step as it is used.</summary>
    public PatchShardStep(StepServices services)
        : this(services, new SectorOverlay())
    {
    }

    internal PatchShardStep(StepServices services, ISectorOverlay overlay)
        : base(StepNames.PatchShard)
    {
        _services = services;
        _overlay = overlay;
    }

    /// <inheritdoc/>
    public override async Task<ShardOutcome> RunAsync(
        PatchShardInput input, CancellationToken cancellation)
    {
        var manifest = await _services.LoadForAsync(input.Machine, input.Operation, cancellation);
        var image = await BaseImage.OpenAsync(
            _services.BaseStore, input.Key, manifest.Head, cancellation);
        var footer = image.Footer;
        if (footer.Header.Operation == input.Operation)
            return new ShardOutcome(input.Shard, true, footer.Node, 0, 0, footer.Version);
        if (footer.Header.Operation > input.Operation)
            throw new SupersededException(
                input.Operation, footer.Header.Operation, image.Name);
        var (plan, deltas) = await PlanAsync(input, manifest, cancellation);
        return deltas.Count == 0
            ? new ShardOutcome(input.Shard, false, footer.Node, 0, 0, footer.Version)
            : await TurnKeeper.KeepAsync(
                _services, manifest, input.Epoch,
                c => PatchAsync(input, manifest, image, plan, deltas, c), cancellation);
    }

    /// <summary>
    /// The deltas of this shard that the operation moves it over; fewer than planned when they are
    /// too many bytes for one pass, and the next operation takes the rest.
    /// </summary>
    private async Task<(IReadOnlyList<PatchDelta> Plan, List<DeltaIndex> Deltas)> PlanAsync(
        PatchShardInput input, Manifest manifest, CancellationToken cancellation)
    {
        var operation = manifest.Head.Operations.First(o => o.Number == input.Operation);
        var most = _services.Options.MostPatchVersions;
        var isForwards = string.Equals(
            operation.Kind, OperationKinds.Forwards, StringComparison.Ordinal);
        var plan = isForwards
            ? await PatchPlan.ForwardsAsync(
                manifest, input.Disk, input.Shard, operation.Target, most, cancellation)
            : await PatchPlan.BackwardsAsync(
                manifest, input.Disk, input.Shard, operation.Target, most, cancellation);
        var deltas = new List<DeltaIndex>();
        var bytes = 0L;
        foreach (var (key, _) in plan)
        {
            var index = await _services.Resolver.Indexes.DeltaAsync(
                input.Key, key, cancellation);
            bytes += index.DataBytes;
            if (deltas.Count > 0 && bytes > _services.Options.MostPatchBytes) break;
            deltas.Add(index);
        }
        return (plan, deltas);
    }

    private async Task<ShardOutcome> PatchAsync(
        PatchShardInput input, Manifest manifest, BaseImage image,
        IReadOnlyList<PatchDelta> plan, List<DeltaIndex> deltas, CancellationToken cancellation)
    {
        var layout = manifest.Head.Layout;
        var baseView = new ShardView(
            image.Footer.Version, image, new ShardMap(layout), [], _services.DeltaStore, input.Key,
            RehydratedCopies.Of(_services.DeltaStore, manifest),
            _services.Resolver.OriginOf(manifest, input.Key, isWhole: true));
        await baseView.LoadPagesAsync(PatchWindows.Pages(deltas, layout), cancellation);
        var before = PatchProof.Walk(input, baseView, plan, deltas);
        await using var writer = await BaseWriter.OpenAsync(
            _services.BaseStore, image, input.Operation, cancellation);
        if (baseView.IsOnOrigin)
            await OriginEntries.TakeOverAsync(writer, baseView, layout, cancellation);
        await using var staging = new PartStaging(_services.Options.RequestsAtOnce);
        var saved = new DeltaWriter?[deltas.Count];
        // Nobody asks for what lies below the oldest version: the origin has it.
        for (var d = 0; d < saved.Length; d++)
            if (deltas[d].From != 0)
                saved[d] = await SavedAsync(
                    input, manifest, deltas[d], staging, cancellation);
        try
        {
            await PassAsync(baseView, deltas, writer, saved, cancellation);
            await SegmentRewriting.RunAsync(writer, image, writer.StagedBytes, cancellation);
            var last = deltas[^1];
            var (version, card) = await LandingAsync(manifest, last, cancellation);
            var stoodAt = await BaseStanding.ListedAsync(
                manifest, input.Key, image.Footer.Version, cancellation);
            var footer = await writer.SealAsync(
                version, stoodAt, last.ToDiskBytes, card, cancellation);
            PatchProof.Require(
                $"the new base of {input.Key} at version {last.To}", last.ToNode, footer.Node);
            var stored = writer.StagedBytes;
            for (var d = 0; d < deltas.Count; d++)
            {
                // A crash from here on leaves saved deltas that only this operation lists.
                if (saved[d] is not { } kept) continue;
                var index = await kept.CompleteAsync(
                    deltas[d].ToNode, before[d].ShardNode, before[d].Pages, cancellation);
                stored += index.DataBytes;
            }
            await CommitAsync(
                input, manifest, writer, deltas, isNew: !image.Exists, cancellation);
            return new ShardOutcome(
                input.Shard, true, footer.Node, saved.Sum(s => s?.ChangedBytes ?? 0), stored,
                footer.Version);
        }
        finally
        {
            foreach (var one in saved)
                if (one is not null) await one.DisposeAsync();
        }
    }

    /// <summary>
    /// The version that the base shall say it stands at. A delta may lead back to one that has
    /// expired since: then it is the next one below that is still listed, which is the same.
    /// </summary>
    private static async Task<(int Version, VersionCard Card)> LandingAsync(
        Manifest manifest, DeltaIndex last, CancellationToken cancellation)
    {
        var listed = last.Key.IsForward
            ? await manifest.FindVersionAsync(last.To, cancellation)
            : await manifest.NextBelowAsync(last.From, cancellation);
        return listed is null || listed.Number == last.To
            ? (listed is null ? 0 : last.To, last.Card)
            : (listed.Number, CardOf(listed));
    }

    private static VersionCard CardOf(VersionRecord? version) => version is null
        ? VersionCard.None
        : new VersionCard(version.Time, version.Label, version.Snapshot, version.Parent);

    private async Task CommitAsync(
        PatchShardInput input, Manifest manifest, BaseWriter writer, List<DeltaIndex> deltas,
        bool isNew, CancellationToken cancellation)
    {
        try
        {
            var made = await writer.CommitAsync(
                DeltaTiers.OfBase(manifest.Head.Policy, _services.Options), cancellation);
            if (isNew)
                await LateDeltas.RequireWantedBaseAsync(
                    _services, input.Key, input.Operation, made, cancellation);
        }
        catch (SnapshotException error) when (error is OvertakenException or SupersededException)
        {
            // A twin was first, or the shard was fenced: then nobody wants the saved deltas.
            await LateDeltas.RequireWantedAsync(
                _services, input.Key, input.Operation,
                deltas.Select(d => d.Key.Reversed(input.Operation)), cancellation);
            throw;
        }
    }

    private async Task PassAsync(
        ShardView baseView, List<DeltaIndex> deltas, BaseWriter writer, DeltaWriter?[] saved,
        CancellationToken cancellation)
    {
        var patch = new WindowPatch(baseView, deltas, _services.DeltaStore, _overlay);
        await using var pipeline = new OrderedPipeline<PatchedWindow>(
            _services.Options.PatchWindowsAtOnce, _services.PatchWindows);
        var windows = PatchWindows
            .Cut(deltas, baseView, _services.Options.ChangeWindowBlocks).ToList();
        var blockBytes = (long)baseView.Base.Footer.Header.Layout.BlockBytes;
        var (done, total) = (0L, windows.Sum(w => w.Count) * blockBytes);
        foreach (var window in windows)
        {
            _services.Options.Meter?.Report(
                new StepProgress(baseView.Shard, "patching", done, total));
            done += window.Count * blockBytes;
            await pipeline.AddAsync(
                () => patch.RunAsync(window, cancellation),
                result => TakeAsync(result, writer, saved, cancellation), cancellation);
        }
        await pipeline.CompleteAsync();
        _services.Options.Meter?.Report(
            new StepProgress(baseView.Shard, "patching", total, total));
    }

    private static async Task TakeAsync(
        PatchedWindow window, BaseWriter writer, DeltaWriter?[] saved,
        CancellationToken cancellation)
    {
        for (var d = 0; d < saved.Length; d++)
        {
            if (saved[d] is not { } kept) continue;
            foreach (var change in window.Saved[d])
                await kept.AddAsync(change, false, cancellation);
        }
        foreach (var (block, hash, frame) in window.Blocks)
        {
            if (hash.IsZero) writer.SetZero(block);
            else await writer.SetAsync(block, hash, frame, cancellation);
        }
    }

    private async Task<DeltaWriter> SavedAsync(
        PatchShardInput input, Manifest manifest, DeltaIndex delta, PartStaging staging,
        CancellationToken cancellation)
    {
        var key = delta.Key.Reversed(input.Operation);
        var card = CardOf(await manifest.FindVersionAsync(key.To, cancellation));
        var tier = key.IsForward
            ? _services.Options.ForwardTier
            : DeltaTiers.OfReverse(manifest.Head.Policy, _services.Options);
        return new DeltaWriter(_services.DeltaStore, new DeltaDraft(
            input.Key, manifest.Head.Layout, key, delta.ToDiskBytes, delta.FromDiskBytes,
            card, Hash256.Of(JsonSerializer.SerializeToUtf8Bytes(
                input, StepNames.PatchShard.Input)), tier), staging,
            _services.DeltaStore is IPlannedReads
                ? raw => PlannedPatch.Encode(raw, manifest.Head.Layout) : null);
    }
}
