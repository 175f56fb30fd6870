using System.Security.Cryptography;
using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Demo;

/// <summary>
/// The demo: five versions of a small machine's disk go in, the base moves to and fro, and every
/// version is compared with what QEMU says it is.
/// </summary>
internal sealed class DemoRun(
    CommandSession session, LocalEngine engine, ReadingRunner reading, string restored,
    CancellationToken cancellation)
{
    /// <summary>The machine.</summary>
    public const string Machine = "demo";

    private static readonly BaseRuleSettings Keep =
        new(BaseRuleSettings.AfterForwards, int.MaxValue);

    private static readonly string[] Labels =
    [
        "installed", "an ordinary day", "a release", "cleaned up", "vacuumed and rotated",
    ];

    private int _step;

    /// <summary>Whether the verification at the end found no error.</summary>
    public bool IsSound { get; private set; }

    /// <summary>Runs the demo.</summary>
    /// <returns>What each version came to, and the chain as it ended.</returns>
    public async Task<(IReadOnlyList<DemoVersionDocument> Versions, VersionCatalog Catalog)>
        RunAsync(IReadOnlyList<DemoImage> images)
    {
        // All but the last are consolidated as they come, so that the chain ends with all three:
        // reverse incrementals, the base, a forward incremental.
        for (var i = 0; i < images.Count - 1; i++) await IngestAsync(images, i);
        await BaseRule.ApplyAsync(engine, Machine, Keep, cancellation);
        await IngestAsync(images, images.Count - 1);
        var versions = await CompareAsync(images, "Restoring every version");
        Step("Moving the base back to version 3 ...");
        await MoveAsync(3);
        var moved = await CompareAsync(images, "Restoring every version");
        Step($"Moving the base forward again, to version {images.Count - 1} ...");
        await MoveAsync(images.Count - 1);
        var again = await CompareAsync(images, "Restoring every version");
        await VerifyAsync();
        var manifest = await engine.Manifests.LoadAsync(Machine, cancellation);
        return (
            [
                .. versions.Select((v, i) => v with
                {
                    IsExact = v.IsExact && moved[i].IsExact && again[i].IsExact,
                }),
            ],
            await VersionCatalog.LoadAsync(engine, manifest, cancellation));
    }

    private async Task IngestAsync(IReadOnlyList<DemoImage> images, int index)
    {
        var image = images[index];
        var kind = index == 0 ? "the full image" : "the overlay";
        Step($"Taking in {kind} {Path.GetFileName(image.Path)} ...");
        var label = index < Labels.Length ? Labels[index] : null;
        var (result, _) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            FlowNames.Ingest,
            new IngestInput(Machine, [new IngestDisk(image.Path, "disk0", "qcow2")], Label: label),
            Machine, cancellation));
        Note(IngestCommand.Words(result));
    }

    private async Task MoveAsync(int version)
    {
        var (result, _) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(Machine, version), Machine, cancellation));
        Note($"base at version {result.Base}");
    }

    private async Task<List<DemoVersionDocument>> CompareAsync(
        IReadOnlyList<DemoImage> images, string title)
    {
        Step($"{title}, compared with QEMU's SHA-256 ...");
        var compared = new List<DemoVersionDocument>();
        for (var i = 0; i < images.Count; i++)
        {
            var found = await RestoreAsync(i + 1);
            var isExact = found == images[i].RawHash;
            compared.Add(new DemoVersionDocument(
                i + 1, images[i].RawHash.ToString(), found.ToString(), isExact));
            Note($"version {i + 1}: {found} {(isExact ? "exact" : "DIFFERS")}");
        }
        return compared;
    }

    private async Task<Hash256> RestoreAsync(int version)
    {
        var path = Path.Combine(restored, $"v{version}.raw");
        await reading.RunAsync(
            RestoreNames.Restore, new RestoreInput(Machine, path, version), Machine, cancellation);
        await using var file = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.DeleteOnClose);
        return new Hash256(await SHA256.HashDataAsync(file, cancellation));
    }

    private async Task VerifyAsync()
    {
        Step("Verifying every stored byte ...");
        var result = await session.ShowAsync(engine.Progress, () => reading.RunAsync(
            CheckNames.Verify, new VerifyInput(Machine, CheckDepth.Full), Machine, cancellation));
        Note($"{result.Tally.Objects} objects, {Amounts.Bytes(result.Tally.BytesRead)} read: "
            + (result.IsSound ? "sound" : $"{result.Tally.Errors} ERRORS"));
        IsSound = result.IsSound;
    }

    private void Step(string text)
    {
        if (!session.Json) session.Say($"{++_step}. {text}");
    }

    private void Note(string text)
    {
        if (!session.Json) session.Say($"   {text}");
    }
}
