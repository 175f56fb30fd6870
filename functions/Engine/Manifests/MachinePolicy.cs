namespace SnapshotFunctions.Engine.Manifests;

/// <summary>What the owner of a machine decided for it.</summary>
/// <param name="Base">Where the base image is kept along the chain.</param>
/// <param name="GraceSeconds">How long an object that is no longer listed stays for readers.</param>
public sealed record MachinePolicy(BaseRuleSettings Base, int GraceSeconds)
{
    /// <summary>The base at the newest version, ten minutes of grace.</summary>
    public static MachinePolicy Default { get; } = new(BaseRuleSettings.Default, 600);
}
