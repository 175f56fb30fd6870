namespace SnapshotFunctions.Engine.Manifests;

/// <summary>What a pack's properties say of it: readable where its bytes are archived.</summary>
public static class PackMetadata
{
    /// <summary>The SHA-256 of all its bytes.</summary>
    public const string Hash = "sha256";

    /// <summary>The SHA-256 of the step's input that made it.</summary>
    public const string Input = "input";
}
