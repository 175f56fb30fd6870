using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>The steps of tiering by name.</summary>
public static class TierSteps
{
    /// <summary>Looks which objects move by themselves.</summary>
    public static StepName<PlanTierInput, TierTicket> PlanName { get; } = new(
        "PlanTier", TierStepJson.Default.PlanTierInput, TierStepJson.Default.TierTicket);

    /// <summary>Moves objects.</summary>
    public static StepName<MoveTierInput, MoveTierOutcome> MoveName { get; } = new(
        "MoveTier", TierStepJson.Default.MoveTierInput, TierStepJson.Default.MoveTierOutcome);

    /// <summary>Opens the writing of packs.</summary>
    public static StepName<OpenPackInput, PackTicket> OpenPackName { get; } = new(
        "OpenPack", TierStepJson.Default.OpenPackInput, TierStepJson.Default.PackTicket);

    /// <summary>Writes one pack.</summary>
    public static StepName<WritePackInput, PackOutcome> WritePackName { get; } = new(
        "WritePack", TierStepJson.Default.WritePackInput, TierStepJson.Default.PackOutcome);

    /// <summary>Lists packs.</summary>
    public static StepName<ClosePackInput, bool> ClosePackName { get; } = new(
        "ClosePack", TierStepJson.Default.ClosePackInput, TierStepJson.Default.Boolean);
}
