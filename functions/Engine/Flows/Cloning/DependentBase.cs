using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Steps.Cloning;
using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Flows.Cloning;

/// <summary>
/// Lets a new machine begin from the version of another one that its first images are most like:
/// one operating system is kept once.
/// </summary>
internal static class DependentBase
{
    /// <summary>Makes the machine where that pays; tells what it rests on, and its disks' names.</summary>
    public static async Task<(LikeResult? Like, List<SurveyedDisk> Disks)> BeginAsync(
        IFlowContext context, IngestInput input, IReadOnlyList<SurveyedDisk> surveyed)
    {
        List<SurveyedDisk> disks = [.. surveyed];
        if (input.Like is not { } like || like is LikeSetting.None) return (null, disks);
        var chosen = await context.RunStepAsync(
            CloneSteps.Choose, new ChooseOriginInput(input.Machine, like, surveyed));
        var percent = chosen.SampledBlocks == 0
            ? 0 : (int)(100L * chosen.SameBlocks / chosen.SampledBlocks);
        if (chosen.Machine is not { } machine) return (new LikeResult(null, 0, percent), disks);
        if (await PinAsync(context, input, chosen, machine) is not { } origin)
            return (new LikeResult(null, 0, percent), disks);
        try
        {
            await context.RunStepAsync(
                CloneSteps.Create, new CreateCloneInput(input.Machine, origin, Lists: false));
        }
        catch (StepFailedException)
        {
            await context.RunStepAsync(
                CloneSteps.Unpin,
                new UnpinOriginInput(machine, input.Machine, context.InstanceId));
            throw;
        }
        return (
            new LikeResult(machine, chosen.Version, percent, chosen.SameBytes),
            [.. surveyed.Select((d, i) => d with { Name = chosen.Names[i] })]);
    }

    /// <summary>
    /// Pins what was chosen. Nobody named it where it was found: that it is deleted meanwhile, say,
    /// is no fault of the snapshot, which is then stored whole.
    /// </summary>
    private static async Task<OriginRecord?> PinAsync(
        IFlowContext context, IngestInput input, ChosenOrigin chosen, string machine)
    {
        try
        {
            var ticket = await context.RunStepAsync(
                CloneSteps.Pin,
                new PinOriginInput(
                    machine, chosen.Version, input.Machine, context.InstanceId, chosen.DiskNames));
            return ticket.Origin;
        }
        catch (StepFailedException) when (input.Like is ChooseOriginInput.Auto)
        {
            return null;
        }
    }
}
