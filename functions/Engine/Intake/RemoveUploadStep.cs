using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Intake;

/// <summary><c>RemoveUpload</c>: removes what was taken in, in the state that was taken.</summary>
public sealed class RemoveUploadStep(IIncomingUploads uploads)
    : Step<RemoveUploadInput, PutAsideOutcome>(IntakeNames.Remove)
{
    /// <inheritdoc/>
    public override async Task<PutAsideOutcome> RunAsync(
        RemoveUploadInput input, CancellationToken cancellation)
    {
        await uploads.RemoveAsync(
            new Upload(input.Machine, input.Snapshot, input.Path, input.Files), cancellation);
        return new PutAsideOutcome(null);
    }
}
