using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>SurveyFiles</c>: reads machine files once, so that one that cannot be taken is refused before
/// anything is stored, and all that is stored later is held against what was seen now.
/// </summary>
public sealed class SurveyFilesStep(StepServices services)
    : Step<SurveyFilesInput, IReadOnlyList<SurveyedFile>>(PhaseNames.SurveyFiles)
{
    /// <inheritdoc/>
    public override async Task<IReadOnlyList<SurveyedFile>> RunAsync(
        SurveyFilesInput input, CancellationToken cancellation)
    {
        var surveyed = new List<SurveyedFile>();
        foreach (var file in input.Files)
        {
            var (content, identity) = await UploadedFiles.ReadAsync(
                services, file.Source, null, cancellation);
            surveyed.Add(new SurveyedFile(
                file.Source, identity, file.Name, content.Length, Hash256.Of(content)));
        }
        return surveyed;
    }
}
