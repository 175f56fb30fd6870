using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// Checks the packs that a manifest lists: each object, its header, and that its members are what
/// edges list. The members' bytes are checked with their deltas.
/// </summary>
internal sealed class PackCheck(
    IObjectStore deltaStore, Manifest manifest, ManifestCheck check, Findings findings)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var pack in check.Packs)
        {
            var name = pack.ObjectName(manifest.Machine);
            foreach (var member in pack.Members)
            {
                foreach (var shard in member.Shards)
                {
                    if (!check.Lists(new ShardKey(manifest.Machine, member.Disk, shard), member.Key))
                        findings.Warn(
                            name, "members that edges list",
                            $"{member.Disk}/{shard} from {member.From} to {member.To}");
                }
            }
            try
            {
                await CheckAsync(pack, name, cancellation);
            }
            catch (SnapshotException error) when (error is not StoreBusyException)
            {
                findings.Add(error, name, await BehindAsync(pack, cancellation));
            }
        }
    }

    private async Task CheckAsync(PackRecord pack, string name, CancellationToken cancellation)
    {
        findings.Objects++;
        var found = await deltaStore.FindAsync(name, cancellation)
            ?? throw new ObjectNotFoundException(name);
        if (found.LengthBytes != pack.LengthBytes)
            throw new CorruptObjectException(
                name, $"{pack.LengthBytes} bytes", $"{found.LengthBytes}");
        if (found.Tier != pack.Tier) findings.Warn(name, $"tier {pack.Tier}", $"{found.Tier}");
        if (found.Tier == StorageTier.Archive)
        {
            findings.Archive(name);
            return;
        }
        var lead = new byte[PackHeader.LeadBytes];
        await deltaStore.ReadAsync(name, 0, lead, found.ETag, cancellation);
        var bytes = new byte[PackHeader.LengthFrom(lead, name)];
        await deltaStore.ReadAsync(name, 0, bytes, found.ETag, cancellation);
        findings.BytesRead += lead.Length + bytes.Length;
        var header = PackHeader.Decode(bytes, name);
        if (!string.Equals(header.Machine, manifest.Machine, StringComparison.Ordinal)
            || header.Operation != pack.Operation || header.Number != pack.Number
            || header.PackBytes != pack.LengthBytes)
            throw new CorruptObjectException(
                name, $"pack {pack.Operation}-{pack.Number} of {manifest.Machine}",
                $"{header.Operation}-{header.Number} of {header.Machine}, {header.PackBytes} bytes");
        var held = header.Members.Select(m => (m.Disk, m.Shard, m.From, m.To)).ToHashSet();
        foreach (var member in pack.Members)
        {
            foreach (var shard in member.Shards)
            {
                if (!held.Contains((member.Disk, shard, member.From, member.To)))
                    throw new CorruptObjectException(
                        name, $"{member.Disk}/{shard} from {member.From} to {member.To}",
                        "no such member");
            }
        }
    }

    /// <summary>A reverse delta is needed for the versions below its edge.</summary>
    private async Task<List<VersionMark>> BehindAsync(
        PackRecord pack, CancellationToken cancellation)
    {
        var marks = new List<VersionMark>();
        var versions = manifest.VersionsAsync(1, pack.UpperEdge - 1, cancellation);
        await foreach (var version in versions)
            marks.Add(new VersionMark(version.Number, version.State));
        return marks;
    }
}
