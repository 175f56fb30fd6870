using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>The steps of clones by name.</summary>
public static class CloneSteps
{
    /// <summary>Finds the machine that a new one is most like.</summary>
    public static StepName<ChooseOriginInput, ChosenOrigin> Choose { get; } = new(
        "ChooseOrigin", CloneStepJson.Default.ChooseOriginInput,
        CloneStepJson.Default.ChosenOrigin);

    /// <summary>Pins a version for a clone.</summary>
    public static StepName<PinOriginInput, CloneTicket> Pin { get; } = new(
        "PinOrigin", CloneStepJson.Default.PinOriginInput, CloneStepJson.Default.CloneTicket);

    /// <summary>Makes a clone's manifest.</summary>
    public static StepName<CreateCloneInput, CreatedClone> Create { get; } = new(
        "CreateClone", CloneStepJson.Default.CreateCloneInput,
        CloneStepJson.Default.CreatedClone);

    /// <summary>Takes a clone's pin away.</summary>
    public static StepName<UnpinOriginInput, bool> Unpin { get; } = new(
        "UnpinOrigin", CloneStepJson.Default.UnpinOriginInput, CloneStepJson.Default.Boolean);

    /// <summary>Opens a flattening.</summary>
    public static StepName<FlattenInput, FlattenTicket> OpenFlatten { get; } = new(
        "OpenFlatten", CloneStepJson.Default.FlattenInput, CloneStepJson.Default.FlattenTicket);

    /// <summary>Gives one shard's base all its blocks.</summary>
    public static StepName<FlattenShardInput, ShardOutcome> FlattenShard { get; } = new(
        "FlattenShard", CloneStepJson.Default.FlattenShardInput,
        CloneStepJson.Default.ShardOutcome);

    /// <summary>Lists a clone as a machine without an origin.</summary>
    public static StepName<CloseFlattenInput, long> CloseFlatten { get; } = new(
        "CloseFlatten", CloneStepJson.Default.CloseFlattenInput, CloneStepJson.Default.Int64);
}
