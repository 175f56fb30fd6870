using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>OpenIngest</c>: decides what each image is laid on and which shards can differ, reserves the
/// version, and lists the operation with every object it may create. A repeat by the same job
/// finds the operation and answers the same.
/// </summary>
public sealed class OpenIngestStep(StepServices services)
    : Step<OpenIngestInput, IngestTicket>(PhaseNames.OpenIngest)
{
    private const int MostLabelLength = 200;

    /// <inheritdoc/>
    public override async Task<IngestTicket> RunAsync(
        OpenIngestInput input, CancellationToken cancellation)
    {
        if (input.Label is { Length: > MostLabelLength })
            throw new RefusedException(
                "label", $"A label has at most {MostLabelLength} characters; this has "
                + $"{input.Label.Length}.");
        IngestTicket? ticket = null;
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                ticket = await OpenAsync(edit, input, cancellation);
            },
            cancellation);
        return ticket!;
    }

    private static async Task<IngestTicket> OpenAsync(
        ManifestEdit edit, OpenIngestInput input, CancellationToken cancellation)
    {
        var manifest = edit.Before;
        var newest = await RequireSettledAsync(manifest, cancellation);
        var names = NameDisks(manifest, input.Disks);
        var disks = new List<TicketDisk>();
        for (var i = 0; i < names.Count; i++)
            disks.Add(await PlanAsync(manifest, input, input.Disks[i], names[i], cancellation));
        var card = new VersionCard(
            input.Time, input.Label, input.Snapshot,
            disks.Max(d => d.Parent) is > 0 and var parent ? parent : null);
        var known = edit.Head.Operations.FirstOrDefault(
            o => string.Equals(o.Job, input.Job, StringComparison.Ordinal));
        // The first snapshot of a machine that began from another's version is stored against that.
        var isFirst = newest == 0 && manifest.Head.Origin is null;
        var version = known?.Version ?? edit.ReserveVersion();
        var operation = known ?? edit.IssueOperation(number => new OperationRecord
        {
            Number = number,
            Kind = OperationKinds.Ingest,
            Started = edit.Now,
            Job = input.Job,
            Version = version,
            Creates = isFirst ? [] : [.. disks.Select(d => new DeltaSet(
                d.Name, newest, version, number, ShardRanges.Parse(d.Shards)))],
            Bases = !isFirst ? [] : [.. disks.Select(
                d => new BaseSet(d.Name, ShardRanges.Parse(d.Shards)))],
        });
        return new IngestTicket(
            operation.Number, version, newest, card.Parent ?? 0, card, disks);
    }

    private static async Task<int> RequireSettledAsync(
        Manifest manifest, CancellationToken cancellation)
    {
        var newest = manifest.NewestNumber;
        if (newest == 0) return 0;
        var record = await manifest.FindVersionAsync(newest, cancellation);
        return record is { State: VersionState.Withdrawn }
            ? throw new RefusedException(
                "undo-unfinished",
                $"Version {newest} of '{manifest.Machine}' was withdrawn and is not gone yet: run "
                + $"'undo {manifest.Machine}' again, then ingest.")
            : newest;
    }

    private static async Task<TicketDisk> PlanAsync(
        Manifest manifest, OpenIngestInput input, SurveyedDisk image, string name,
        CancellationToken cancellation)
    {
        var parent = image.HasParent
            ? await ParentRule.ChooseAsync(
                manifest, input.Parent, name,
                new ParentClaim(image.FileName, image.ParentHint, image.ParentIds ?? []),
                cancellation)
            : 0;
        var shards = await IngestPlan.ShardsAsync(
            manifest, name, ShardRanges.Parse(image.Shards), parent, image.SizeBytes,
            cancellation);
        var newest = manifest.Head.Disks.FirstOrDefault(
            d => string.Equals(d.Name, name, StringComparison.Ordinal));
        return new TicketDisk(
            name, image.Source, image.Identity, image.FileName, image.Format, image.SizeBytes,
            newest?.SizeBytes ?? 0, parent, image.ParentHint,
            shards.Coarsened(Math.Max(4, 256 / input.Disks.Count)).ToString(), image.ImageId);
    }

    /// <summary>Names the images' disks; every disk that the machine has must be among them.</summary>
    private static List<string> NameDisks(
        Manifest manifest, IReadOnlyList<SurveyedDisk> images)
    {
        var existing = manifest.Head.Disks.Select(d => d.Name).ToList();
        var names = new List<string>();
        for (var i = 0; i < images.Count; i++)
            names.Add(images[i].Name ?? (i < existing.Count ? existing[i] : $"disk{i}"));
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count)
            throw new RefusedException(
                "disks", $"Two images stand for one disk: {string.Join(", ", names)}.");
        var missing = existing.Except(names, StringComparer.Ordinal).ToList();
        return missing.Count == 0 ? names : throw new RefusedException(
            "disks",
            $"'{manifest.Machine}' has the disks {string.Join(", ", existing)}, but the snapshot "
            + $"brings no image of {string.Join(", ", missing)}: a version holds all disks. Give "
            + "each as NAME=FILE.");
    }
}
