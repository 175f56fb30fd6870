using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>The steps of a rehydration by name.</summary>
public static class RehydrationSteps
{
    /// <summary>Finds archived objects that a range needs.</summary>
    public static StepName<PlanRehydrationInput, RehydrationPlan> Plan { get; } = new(
        "PlanRehydration", RehydrationStepJson.Default.PlanRehydrationInput,
        RehydrationStepJson.Default.RehydrationPlan);

    /// <summary>Lists a rehydration.</summary>
    public static StepName<OpenRehydrationInput, RehydrationTicket> Open { get; } = new(
        "OpenRehydration", RehydrationStepJson.Default.OpenRehydrationInput,
        RehydrationStepJson.Default.RehydrationTicket);

    /// <summary>Asks objects back.</summary>
    public static StepName<StartRehydrationInput, StartedRehydration> Start { get; } = new(
        "StartRehydration", RehydrationStepJson.Default.StartRehydrationInput,
        RehydrationStepJson.Default.StartedRehydration);

    /// <summary>Removes the copies.</summary>
    public static StepName<EndRehydrationInput, bool> End { get; } = new(
        "EndRehydration", RehydrationStepJson.Default.EndRehydrationInput,
        RehydrationStepJson.Default.Boolean);

    /// <summary>Tells whether they are back.</summary>
    public static StepName<CheckRehydrationInput, RehydrationState> Check { get; } = new(
        "CheckRehydration", RehydrationStepJson.Default.CheckRehydrationInput,
        RehydrationStepJson.Default.RehydrationState);
}
