using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Steps.Mounting;

/// <summary>The steps that commit mounts, by name.</summary>
public static class MountSteps
{
    /// <summary>Lets no write to a mount be acknowledged any more.</summary>
    public static StepName<FreezeMountInput, FrozenMount> Freeze { get; } = new(
        "FreezeMount", MountStepJson.Default.FreezeMountInput, MountStepJson.Default.FrozenMount);

    /// <summary>Fixes what is ingested.</summary>
    public static StepName<SealMountInput, bool> Seal { get; } = new(
        "SealMount", MountStepJson.Default.SealMountInput, MountStepJson.Default.Boolean);

    /// <summary>Makes a mount writable again.</summary>
    public static StepName<MountJobInput, bool> Reopen { get; } = new(
        "ReopenMount", MountStepJson.Default.MountJobInput, MountStepJson.Default.Boolean);

    /// <summary>Removes what a committed mount has left.</summary>
    public static StepName<MountJobInput, bool> Close { get; } = new(
        "CloseMount", MountStepJson.Default.MountJobInput, MountStepJson.Default.Boolean);
}
