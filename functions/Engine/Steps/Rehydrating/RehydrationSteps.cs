using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>The steps of a rehydration by name.</summary>
public static class RehydrationSteps
{
    /// <summary>Finds archived objects that a range needs.</summary>
    public static StepName<PlanRehydrationInput, RehydrationPlan> Plan { get; } = new(
        "PlanRehydration", RehydrationStepJson.Default.PlanRehydrationInput,
        RehydrationStepJson.Default.RehydrationPlan);

    /// <summary>Asks objects back.</summary>
    public static StepName<StartRehydrationInput, RehydrationState> Start { get; } = new(
        "StartRehydration", RehydrationStepJson.Default.StartRehydrationInput,
        RehydrationStepJson.Default.RehydrationState);

    /// <summary>Tells whether they are back.</summary>
    public static StepName<CheckRehydrationInput, RehydrationState> Check { get; } = new(
        "CheckRehydration", RehydrationStepJson.Default.CheckRehydrationInput,
        RehydrationStepJson.Default.RehydrationState);
}
