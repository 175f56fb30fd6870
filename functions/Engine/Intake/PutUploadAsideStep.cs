using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>
/// <c>PutUploadAside</c>: moves all that lies under a bad upload's name to the quarantine. What was
/// added since it was found bad goes with it: it belongs to it.
/// </summary>
public sealed class PutUploadAsideStep(IIncomingUploads uploads)
    : Step<PutAsideInput, PutAsideOutcome>(IntakeNames.PutAside)
{
    /// <inheritdoc/>
    public override async Task<PutAsideOutcome> RunAsync(
        PutAsideInput input, CancellationToken cancellation)
    {
        await foreach (var upload in uploads.ListAsync(input.Machine, cancellation))
        {
            if (!string.Equals(upload.Path, input.Path, StringComparison.Ordinal)) continue;
            return new PutAsideOutcome(await uploads.PutAsideAsync(
                upload, new QuarantineReason(input.Code, input.Message, input.Time), cancellation));
        }
        return new PutAsideOutcome(null);
    }
}
