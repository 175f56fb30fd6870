using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// <c>CheckMachine</c>: checks a machine's manifest: head, copies, pages, tables, the fingerprints
/// that can be computed from them; tells which shards there are and counts what nothing lists.
/// </summary>
public sealed class CheckMachineStep(StepServices services)
    : Step<CheckMachineInput, CheckMachineOutcome>(CheckStepNames.CheckMachine)
{
    private const int MostAttempts = 8;

    /// <inheritdoc/>
    public override async Task<CheckMachineOutcome> RunAsync(
        CheckMachineInput input, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var findings = new Findings();
            var (etag, outcome) = await RunOnceAsync(input.Machine, findings, cancellation);
            if (findings.Errors == 0 || attempt == MostAttempts) return outcome;
            // Pages and tables that were replaced are swept: only a head that stands still counts.
            var now = await services.BaseStore.FindAsync(
                ObjectNames.Head(input.Machine), cancellation);
            if (string.Equals(now?.ETag, etag, StringComparison.Ordinal)) return outcome;
        }
    }

    private async Task<(string? ETag, CheckMachineOutcome Outcome)> RunOnceAsync(
        string machine, Findings findings, CancellationToken cancellation)
    {
        var objects = new MachineObjects(services, machine, findings);
        Manifest manifest;
        try
        {
            findings.Objects++;
            manifest = await FreshManifest.LoadAsync(services.BaseStore, machine, cancellation);
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            var (name, expected, found) = Findings.Describe(error, ObjectNames.Head(machine));
            findings.Error(name, $"{expected} (RebuildCatalog makes it anew)", found, "all");
            await objects.CheckCopiesAsync(null, cancellation);
            var stands = await services.BaseStore.FindAsync(
                ObjectNames.Head(machine), cancellation);
            return (stands?.ETag, new CheckMachineOutcome(findings.Close(0), []));
        }
        var check = new ManifestCheck(services.BaseStore, manifest, findings);
        await check.RunAsync(cancellation);
        await new PackCheck(services.DeltaStore, manifest, check, findings)
            .RunAsync(cancellation);
        await OriginCheck.RunAsync(services, manifest, findings, cancellation);
        await objects.CheckCopiesAsync(manifest, cancellation);
        await objects.CountOrphansAsync(manifest, check, cancellation);
        return (manifest.ETag, new CheckMachineOutcome(
            findings.Close(0), check.Disks, check.HasFiles));
    }
}
