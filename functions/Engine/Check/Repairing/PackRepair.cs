using System.Security.Cryptography;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>
/// Makes a pack again under its own name: what is sound of it is copied, the frames of damaged
/// members are found elsewhere. A member that cannot be mended stays as it is and is told of; the
/// others are mended all the same. One commit over the state that was read, so that a pack is
/// never half of one repair and half of another.
/// </summary>
internal sealed class PackRepair(
    StepServices services, Manifest manifest, PackRecord pack, IReadOnlyList<RepairImage> images)
{
    private readonly Dictionary<ShardKey, PackedShard> _shards = [];
    private readonly Dictionary<PackMember, PackedDelta> _deltas = [];
    private readonly string _name = pack.ObjectName(manifest.Machine);
    private string? _from;

    private IObjectStore Store => services.DeltaStore;

    /// <summary>Looks at the whole pack and mends it; answers whether it was written.</summary>
    public async Task<(RepairTally Tally, bool IsWritten)> RunAsync(CancellationToken cancellation)
    {
        var found = await Store.FindAsync(_name, cancellation);
        await LoadAsync(found, cancellation);
        var stored = await HeaderAsync(found, cancellation);
        if ((stored ?? LaidOut()) is not { } header)
            return (Headless(), false);
        var isSound = stored is not null && found!.LengthBytes == header.PackBytes;
        foreach (var delta in _deltas.Values)
        {
            delta.IsSound = await delta.IsSoundAsync(Store, found, cancellation);
            isSound &= delta.IsSound;
        }
        if (isSound) return (new RepairTally(), false);
        var isMended = await WriteAsync(header, found, stored is null, cancellation);
        return (Close(isMended), isMended);
    }

    /// <summary>The members that edges list and whose indexes are sound.</summary>
    private async Task LoadAsync(ObjectProperties? found, CancellationToken cancellation)
    {
        foreach (var set in pack.Members)
        {
            foreach (var number in set.Shards)
            {
                var key = new ShardKey(manifest.Machine, set.Disk, number);
                if (!_shards.TryGetValue(key, out var shard))
                    _shards[key] = shard = await PackedShard.LoadAsync(
                        services, key, images, cancellation);
                if (await shard.DeltaAsync(set.Key, pack, found, cancellation) is { } delta)
                    _deltas.Add(delta.Member, delta);
            }
        }
    }

    /// <summary>The header as it lies there; null when it is damaged or says what is not so.</summary>
    private async Task<PackHeader?> HeaderAsync(
        ObjectProperties? found, CancellationToken cancellation)
    {
        if (found is null) return null;
        try
        {
            var header = await PackHeaders.ReadAsync(Store, found, cancellation);
            return header.Operation == pack.Operation && header.Number == pack.Number
                && header.PackBytes == pack.LengthBytes
                && _deltas.Keys.All(header.Members.Contains) ? header : null;
        }
        catch (CorruptObjectException)
        {
            return null;
        }
    }

    /// <summary>
    /// The header as it must have been, from the members' indexes; null when some are missing: of
    /// those that have expired nothing tells any more.
    /// </summary>
    private PackHeader? LaidOut()
    {
        var header = PackHeader.Of(
            manifest.Machine, pack.Operation, pack.Number,
            [.. _deltas.Keys.OrderBy(m => m.Offset)]);
        return header.PackBytes == pack.LengthBytes && _deltas.Keys.All(header.Members.Contains)
            ? header : null;
    }

    private async Task<bool> WriteAsync(
        PackHeader header, ObjectProperties? found, bool isHeaderNew,
        CancellationToken cancellation)
    {
        var parts = new MendedParts(Store, _name);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var isMended = isHeaderNew;
        await AddAsync(header.Encode());
        foreach (var member in header.Members)
        {
            if (!_deltas.TryGetValue(member, out var delta) || delta.IsSound)
            {
                await KeepAsync(member.Offset, member.End - member.Offset);
                continue;
            }
            var isWhole = true;
            for (var i = 0; i < delta.Index.Frames.Count; i++)
            {
                var frame = delta.Index.Frames[i];
                var bytes = await delta.Frames.FrameAsync(i, cancellation);
                isWhole &= bytes?.Length == frame.StoredBytes;
                if (bytes?.Length == frame.StoredBytes) await AddAsync(bytes);
                else await KeepAsync(member.Offset + frame.Offset, frame.StoredBytes);
            }
            await AddAsync(delta.IndexBytes);
            if (isWhole) isMended = true;
            else delta.Lose(_name);
            _from = delta.Frames.From ?? _from;
        }
        // Losses alone are no reason to write 64 MiB and more.
        if (!isMended) return false;
        var isLost = _deltas.Values.Any(d => d.IsLost) || _deltas.Count < header.Members.Count;
        var made = new Hash256(hash.GetHashAndReset());
        if (!isLost && pack.Hash != default && made != pack.Hash)
            throw new ProofFailedException($"the mended {_name}", pack.Hash, made);
        await parts.CommitAsync(
            new WriteOptions(
                IfMatch: found?.ETag, IfAbsent: found is null, Tier: found?.Tier ?? pack.Tier,
                Metadata: found?.Metadata ?? PackMetadata.Of(
                    manifest.Machine, pack.Operation, pack.Number,
                    _deltas.Values.First().Index.Input, made)),
            cancellation);
        return true;

        async Task AddAsync(byte[] bytes)
        {
            hash.AppendData(bytes);
            await parts.AddAllAsync(bytes, cancellation);
        }

        async Task KeepAsync(long offset, long lengthBytes)
        {
            for (var at = 0L; at < lengthBytes;)
            {
                var bytes = new byte[Math.Min(MendedParts.PartBytes, lengthBytes - at)];
                var there = (int)Math.Clamp(
                    (found?.LengthBytes ?? 0) - offset - at, 0, bytes.Length);
                if (there > 0)
                    await Store.ReadAsync(
                        _name, offset + at, bytes.AsMemory(0, there), found!.ETag, cancellation);
                await AddAsync(bytes);
                at += bytes.Length;
            }
        }
    }

    private RepairTally Headless()
    {
        foreach (var delta in _deltas.Values)
            delta.Repairs.Lose(
                _name, "its header is damaged or gone, and nothing tells any more how it lay: "
                + "restore the versions that can be read and ingest them anew", delta.Behind);
        return Close(isMended: false);
    }

    private RepairTally Close(bool isMended)
    {
        var tally = _shards.Values.Aggregate(
            new RepairTally(), (sum, shard) => sum.Plus(shard.Repairs.Close()));
        return tally with
        {
            Shards = 0,
            Repaired = isMended ? 1 : 0,
            Repairs = isMended ? [$"{_name}: {_from ?? "its members and their indexes"}"] : [],
        };
    }
}
