using System.Text.Json;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Writing;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>
/// <c>WritePack</c>: copies deltas into one pack, then writes their new indexes. Order of writes,
/// each with what a crash after it leaves: staged parts (nothing to see); the pack (listed by the
/// operation alone, no index names it); the indexes (listed by the operation alone). A repeat makes
/// the same bytes and adopts what it finds.
/// </summary>
public sealed class WritePackStep(StepServices services)
    : Step<WritePackInput, PackOutcome>(TierSteps.WritePackName)
{
    /// <inheritdoc/>
    public override async Task<PackOutcome> RunAsync(
        WritePackInput input, CancellationToken cancellation)
    {
        var manifest = await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        var operation = manifest.Head.Operations.First(o => o.Number == input.Operation);
        var pack = operation.Packs!.First(p => p.Number == input.Number);
        return await TurnKeeper.KeepAsync(
            services, manifest, input.Epoch, c => WriteAsync(input, manifest, pack, c),
            cancellation);
    }

    private async Task<PackOutcome> WriteAsync(
        WritePackInput input, Manifest manifest, PackRecord pack, CancellationToken cancellation)
    {
        // The input without the turn: another run of the flow goes on with the same pack.
        var made = Hash256.Of(JsonSerializer.SerializeToUtf8Bytes(
            input with { Epoch = 0 }, TierSteps.WritePackName.Input));
        var (header, sources) = await PackSource.LayOutAsync(
            services, manifest, pack, made, cancellation);
        var (length, hash) = await FindAsync(pack, header, made, cancellation)
            ?? await CopyAsync(pack, header, sources, made, cancellation);
        foreach (var source in sources) await PutIndexAsync(source, cancellation);
        // The operation may have been shut out meanwhile, and what it listed been swept.
        await LateDeltas.RequireWantedAsync(services, manifest.Machine, pack, cancellation);
        return new PackOutcome(pack.Number, sources.Count, length, hash);
    }

    private async Task<(long LengthBytes, Hash256 Hash)> CopyAsync(
        PackRecord pack, PackHeader header, IReadOnlyList<PackSource> sources, Hash256 made,
        CancellationToken cancellation)
    {
        var margins = services.Options.Tiering;
        using var copy = new PackCopy(
            services.DeltaStore, pack.ObjectName(header.Machine), margins.PieceBytes);
        try
        {
            return await copy.RunAsync(header, sources, pack.Tier, made, cancellation);
        }
        catch (OvertakenException)
        {
            // A twin of this step was first, or an earlier try whose answer was lost.
            if (await FindAsync(pack, header, made, cancellation) is { } found) return found;
            throw;
        }
    }

    /// <summary>
    /// The pack that an earlier run has committed; its properties alone are asked, as it may be
    /// archived already.
    /// </summary>
    private async Task<(long LengthBytes, Hash256 Hash)?> FindAsync(
        PackRecord pack, PackHeader header, Hash256 made, CancellationToken cancellation)
    {
        var name = pack.ObjectName(header.Machine);
        var found = await services.DeltaStore.FindAsync(name, cancellation);
        if (found is null) return null;
        var input = found.Metadata.GetValueOrDefault(PackMetadata.Input);
        if (found.LengthBytes != header.PackBytes
            || !string.Equals(input, made.ToString(), StringComparison.Ordinal)
            || !Hash256.TryParse(
                found.Metadata.GetValueOrDefault(PackMetadata.Hash, string.Empty), out var hash))
            throw new CorruptObjectException(
                name, $"{header.PackBytes} bytes from input {made}",
                $"{found.LengthBytes} from {input}");
        return (found.LengthBytes, hash);
    }

    private async Task PutIndexAsync(PackSource source, CancellationToken cancellation)
    {
        var name = ObjectNames.DeltaIndex(source.Shard, source.Index.Key);
        var options = new WriteOptions(
            IfAbsent: true, Metadata: DeltaPublication.Describe(source.Shard, source.Index.Key));
        try
        {
            await services.DeltaStore.PutAsync(name, source.IndexBytes, options, cancellation);
        }
        catch (OvertakenException)
        {
            var (bytes, _) = await services.DeltaStore.ReadWholeAsync(
                name, DeltaIndex.MostBytes, cancellation);
            if (!bytes.AsSpan().SequenceEqual(source.IndexBytes))
                throw new CorruptObjectException(
                    name, $"an index from input {source.Index.Input}", "other bytes");
        }
    }
}
