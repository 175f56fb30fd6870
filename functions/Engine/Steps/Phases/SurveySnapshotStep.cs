using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>SurveySnapshot</c>: opens every image and walks all its tables, so that a bad one is refused
/// before anything is stored.
/// </summary>
public sealed class SurveySnapshotStep(StepServices services)
    : Step<SurveyInput, IReadOnlyList<SurveyedDisk>>(PhaseNames.SurveySnapshot)
{
    private const int MostHintLength = 500;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<SurveyedDisk>> RunAsync(
        SurveyInput input, CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", input.Machine);
        if (input.Disks.Count is 0 or > 64)
            throw new RefusedException(
                "disks", $"A snapshot has 1 to 64 images; {input.Disks.Count} were given.");
        UploadedFiles.CheckNames(input.FileNames ?? []);
        var existing = await services.Manifests.FindAsync(input.Machine, cancellation);
        var layout = existing?.Head.Layout ?? services.Options.Layout;
        var surveyed = new List<SurveyedDisk>();
        foreach (var disk in input.Disks)
            surveyed.Add(await SurveyAsync(
                disk, layout, 256 / input.Disks.Count, cancellation));
        return surveyed;
    }

    private async Task<SurveyedDisk> SurveyAsync(
        SurveyDisk disk, Layout layout, int mostRanges, CancellationToken cancellation)
    {
        if (disk.Name is not null) ObjectNames.CheckName("disk", disk.Name);
        var source = await services.Sources.OpenAsync(disk.Source, null, cancellation);
        var (state, name) = (source.Identity, source.Name);
        await using var image = await ImageOpener.OpenAsync(source, disk.Format, cancellation);
        var identity = PinnedImages.IdentityOf(state, image);
        var survey = await ImageSurvey.RunAsync(image, layout.ShardBytes, cancellation);
        var shards = ShardRanges.Of(survey.TouchedShards.SelectMany(
            r => Enumerable.Range(r.First, r.Count))).Coarsened(Math.Max(4, mostRanges));
        var hint = image.ParentHint is { Length: > MostHintLength } longHint
            ? longHint[..MostHintLength]
            : image.ParentHint;
        return new SurveyedDisk(
            disk.Source, identity, disk.Name, name, image.Format, image.SizeBytes,
            image.HasParent, hint, shards.ToString(), image.Identity.Id, image.Identity.ParentIds);
    }
}
