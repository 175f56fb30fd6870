using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Hosting;

namespace SnapshotFunctions.Local.Commands;

/// <summary>Repairs what a verification has found.</summary>
internal static class RepairWork
{
    private const int MostImages = 64;

    /// <summary>Runs a repair of the shards that findings name; null when they name none.</summary>
    public static async Task<RepairTally?> RunAsync(
        CommandSession session, LocalEngine engine, VerifyResult found,
        IReadOnlyList<string> images, CancellationToken cancellation)
    {
        var machine = found.Machine;
        var disks = DamagedShards.Of(machine, found.Tally.Findings);
        if (disks.Count == 0) return null;
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        var sources = images.Select(i => ImageOf(manifest, i)).Concat(
            Uploads(engine.Store.IncomingFolder, manifest)).Take(MostImages).ToList();
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var (result, _) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            RepairNames.Repair, new RepairInput(machine, disks, sources), machine, cancellation));
        return result.Tally;
    }

    private static RepairImage ImageOf(Manifest manifest, string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at > 0 && ObjectNames.IsName(text[..at]))
            return new RepairImage(text[..at], Path.GetFullPath(text[(at + 1)..]));
        return manifest.Head.Disks is [var only]
            ? new RepairImage(only.Name, Path.GetFullPath(text))
            : throw new RefusedException(
                "which-disk", $"'{manifest.Machine}' has several disks: give --image DISK=FILE.");
    }

    /// <summary>The uploads of the newest versions that nobody has removed yet.</summary>
    private static IEnumerable<RepairImage> Uploads(string? incoming, Manifest manifest)
    {
        if (incoming is null) yield break;
        foreach (var version in manifest.Head.Versions.Reverse())
        {
            if (version.Snapshot is null || !ObjectNames.IsName(version.Snapshot)) continue;
            var folder = Path.Combine(incoming, manifest.Machine, version.Snapshot);
            if (!Directory.Exists(folder)) continue;
            foreach (var disk in version.Disks)
                foreach (var file in Directory.EnumerateFiles(folder, $"{disk.Name}.*"))
                    yield return new RepairImage(disk.Name, file);
        }
    }
}
