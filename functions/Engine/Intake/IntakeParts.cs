using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>The intake's flow and steps, for a runner to register.</summary>
public static class IntakeParts
{
    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows() => [new TakeUploadFlow()];

    /// <summary>Every step.</summary>
    /// <param name="services">What steps work with.</param>
    /// <param name="uploads">The uploads.</param>
    /// <param name="like">As <see cref="LikeSetting.Read"/> answers.</param>
    public static IReadOnlyList<Step> Steps(
        StepServices services, IIncomingUploads uploads, string? like = null)
    {
        var rules = new IntakeRules(services.Manifests, services.Sources, uploads, like);
        return
        [
            new LookAtUploadStep(uploads, services.Sources, rules),
            new RemoveUploadStep(uploads),
            new PutUploadAsideStep(uploads),
        ];
    }
}
