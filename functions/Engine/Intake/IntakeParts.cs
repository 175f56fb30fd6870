using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>The intake's flow and steps, for a runner to register.</summary>
public static class IntakeParts
{
    /// <summary>Every flow.</summary>
    public static IReadOnlyList<Flow> Flows() => [new TakeUploadFlow()];

    /// <summary>Every step.</summary>
    public static IReadOnlyList<Step> Steps(StepServices services, IIncomingUploads uploads)
    {
        var rules = new IntakeRules(services.Manifests, services.Sources, uploads);
        return
        [
            new LookAtUploadStep(uploads, services.Sources, rules),
            new RemoveUploadStep(uploads),
            new PutUploadAsideStep(uploads),
        ];
    }
}
