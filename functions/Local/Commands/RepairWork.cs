using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Costs;
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

    /// <summary>
    /// Plans a verification, the repair of what it finds, and the verification behind that.
    /// </summary>
    public static Task<Plan> PlanAsync(
        LocalEngine engine, VerifyInput input, IReadOnlyList<string> images,
        CancellationToken cancellation) => engine.Planner.PlanAsync(
        RepairNames.Repair.Name, [CheckNames.Verify.Name, RepairNames.Repair.Name], input.Machine,
        async run =>
        {
            var found = await run.RunAsync(CheckNames.Verify, input);
            if (found.IsSound) return;
            if (RepairInput.Of(input.Machine, found.Tally.Findings) is { } repair)
                await run.RunAsync(
                    RepairNames.Repair,
                    repair with
                    {
                        Images = await ImagesAsync(engine, input.Machine, images, cancellation),
                    });
            await run.RunAsync(CheckNames.Verify, input);
        },
        cancellation);

    /// <summary>
    /// Runs a repair of what findings name, and what it used; nulls when they name nothing to mend.
    /// </summary>
    public static async Task<(RepairTally? Tally, Usage? Used)> RunAsync(
        CommandSession session, LocalEngine engine, VerifyResult found,
        IReadOnlyList<string> images, CancellationToken cancellation)
    {
        var machine = found.Machine;
        if (RepairInput.Of(machine, found.Tally.Findings) is not { } input) return (null, null);
        var sources = await ImagesAsync(engine, machine, images, cancellation);
        await using var drive = await session.EnterAsync(engine, machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            RepairNames.Repair, input with { Images = sources }, machine, cancellation));
        return (result.Tally, await engine.UsedAsync(job, cancellation));
    }

    private static async Task<IReadOnlyList<RepairImage>> ImagesAsync(
        LocalEngine engine, string machine, IReadOnlyList<string> images,
        CancellationToken cancellation)
    {
        var manifest = await engine.Manifests.LoadAsync(machine, cancellation);
        return
        [
            .. images.Select(i => ImageOf(manifest, i))
                .Concat(Uploads(engine.Store.IncomingFolder, manifest)).Take(MostImages),
        ];
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
