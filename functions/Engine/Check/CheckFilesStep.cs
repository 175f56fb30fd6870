using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// <c>CheckFiles</c>: checks machine files, a bounded number of them: that each object is there,
/// online and as long as recorded; in a full check also its hash. An object that several versions
/// have is looked at once.
/// </summary>
public sealed class CheckFilesStep(StepServices services)
    : Step<CheckFilesInput, CheckFilesOutcome>(CheckStepNames.CheckFiles)
{
    private const int MostAttempts = 8;
    private const long MostObjects = 2_000;
    private const long MostBytes = 1L << 30;

    /// <inheritdoc/>
    public override async Task<CheckFilesOutcome> RunAsync(
        CheckFilesInput input, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var findings = new Findings();
            Manifest manifest;
            try
            {
                manifest = await FreshManifest.LoadAsync(
                    services.BaseStore, input.Machine, cancellation);
                var next = await RunAsync(manifest, input, findings, cancellation);
                var outcome = new CheckFilesOutcome(findings.Close(0), next);
                if (findings.Errors == 0 || attempt == MostAttempts) return outcome;
                // What an undo let go is swept: only a head that stands still counts.
                var now = await services.BaseStore.FindAsync(
                    ObjectNames.Head(input.Machine), cancellation);
                if (string.Equals(now?.ETag, manifest.ETag, StringComparison.Ordinal))
                    return outcome;
            }
            catch (SnapshotException error) when (error is not StoreBusyException)
            {
                // A page that is gone may only have been replaced; whatever else is damage.
                if (error is ObjectNotFoundException && attempt < MostAttempts) continue;
                var (name, expected, found) = Findings.Describe(
                    error, ObjectNames.Head(input.Machine));
                findings.Error(name, expected, found);
                return new CheckFilesOutcome(findings.Close(0), 0);
            }
        }
    }

    private async Task<int> RunAsync(
        Manifest manifest, CheckFilesInput input, Findings findings,
        CancellationToken cancellation)
    {
        int? below = null;
        await foreach (var version in manifest.VersionsAsync(
            input.From, cancellation: cancellation))
        {
            if (findings.Objects >= MostObjects || findings.BytesRead >= MostBytes)
                return version.Number;
            var objects = (version.Files ?? []).DistinctBy(
                f => f.ObjectName(manifest.Machine), StringComparer.Ordinal);
            foreach (var file in objects)
            {
                // The first version that may have an object looks at it.
                var isSeen = below is { } number
                    ? number >= file.Version
                    : await AnyAsync(manifest, file.Version, version.Number - 1, cancellation);
                if (!isSeen)
                    await CheckAsync(
                        manifest, version.Number, file, DepthOf(input, file), findings,
                        cancellation);
            }
            below = version.Number;
        }
        return 0;
    }

    /// <summary>A file of today's share is read whole: it is small.</summary>
    private static CheckDepth DepthOf(CheckFilesInput input, VersionFile file) =>
        input.Share?.Includes(file.ObjectName(input.Machine)) == true
            ? CheckDepth.Full : input.Depth;

    private async Task CheckAsync(
        Manifest manifest, int first, VersionFile file, CheckDepth depth, Findings findings,
        CancellationToken cancellation)
    {
        var name = file.ObjectName(manifest.Machine);
        findings.Objects++;
        try
        {
            if (depth == CheckDepth.Full)
            {
                var content = await MachineFiles.ReadAsync(
                    services.BaseStore, manifest.Machine, file, cancellation);
                findings.BytesRead += content.Length;
                return;
            }
            var found = await services.BaseStore.FindAsync(name, cancellation)
                ?? throw new ObjectNotFoundException(name);
            if (found.Tier == StorageTier.Archive) throw new ObjectArchivedException(name, false);
            if (found.LengthBytes != file.LengthBytes)
                throw new CorruptObjectException(
                    name, $"{file.LengthBytes} bytes", $"{found.LengthBytes}");
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            var affected = new List<VersionMark>();
            await foreach (var version in manifest.VersionsAsync(
                first, cancellation: cancellation))
            {
                if (!FileListing.Holds(version.Files, file)) break;
                affected.Add(new VersionMark(version.Number, version.State));
            }
            findings.Add(error, name, affected);
        }
    }

    private static async Task<bool> AnyAsync(
        Manifest manifest, int from, int to, CancellationToken cancellation)
    {
        await foreach (var _ in manifest.VersionsAsync(from, to, cancellation)) return true;
        return false;
    }
}
