using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>What a pack's properties say of it: readable where its bytes are archived.</summary>
public static class PackMetadata
{
    /// <summary>The SHA-256 of all its bytes.</summary>
    public const string Hash = "sha256";

    /// <summary>The SHA-256 of the step's input that made it.</summary>
    public const string Input = "input";

    /// <summary>What a pack says of itself beside its bytes.</summary>
    public static Dictionary<string, string> Of(
        string machine, long operation, int number, Hash256 input, Hash256 hash) =>
        new(StringComparer.Ordinal)
        {
            ["machine"] = machine,
            ["operation"] = $"{operation}",
            ["number"] = $"{number}",
            ["kind"] = "pack",
            [Input] = input.ToString(),
            [Hash] = hash.ToString(),
        };
}
