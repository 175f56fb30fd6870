using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>
/// <c>LookAtUpload</c>: finds an upload in the state it was seen in, tells who goes first, and
/// reads what is to be ingested. A bad one is refused.
/// </summary>
public sealed class LookAtUploadStep(IIncomingUploads uploads, ISourceOpener sources, IntakeRules rules)
    : Step<TakeUploadInput, UploadLook>(IntakeNames.LookAt)
{
    /// <inheritdoc/>
    public override async Task<UploadLook> RunAsync(
        TakeUploadInput input, CancellationToken cancellation)
    {
        var standing = new List<Upload>();
        await foreach (var upload in uploads.ListAsync(input.Machine, cancellation))
            standing.Add(upload);
        var mine = standing.Find(
            u => string.Equals(u.Path, input.Path, StringComparison.Ordinal));
        if (mine is null || !string.Equals(mine.Mark, input.Mark, StringComparison.Ordinal))
            return new UploadLook(UploadStanding.Changed);
        if (!mine.IsWhole) return new UploadLook(UploadStanding.Incomplete);
        // Order of arrival: what waits of a machine holds up what came after it.
        var ahead = standing.Where(u => u.IsWhole && u.IsBefore(mine)).MinBy(u => u.Arrived);
        if (ahead is not null) return new UploadLook(UploadStanding.Behind, ahead.Path);
        var ingest = await UploadReader.ReadAsync(mine, sources, cancellation);
        if (ingest is null) return new UploadLook(UploadStanding.Incomplete);
        await rules.CheckNewAsync(ingest, cancellation);
        ingest = await rules.SetAsync(ingest, cancellation);
        return new UploadLook(UploadStanding.Ready, Ingest: ingest, Files: mine.Files);
    }
}
