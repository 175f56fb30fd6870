using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>
/// <c>NoteRead</c>: counts that a version was restored, for the rule that keeps the base at one that
/// is read often. A run that is repeated counts twice, which moves a base a little earlier.
/// </summary>
public sealed class NoteReadStep(StepServices services)
    : Step<RestoreSource, RestoreSource>(RestoreSteps.NoteRead)
{
    /// <inheritdoc/>
    public override async Task<RestoreSource> RunAsync(
        RestoreSource input, CancellationToken cancellation)
    {
        await ReadTally.WriteAsync(
            services.Manifests, input.Machine, [input.Version], cancellation);
        return input;
    }
}
