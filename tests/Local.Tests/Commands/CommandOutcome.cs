using System.Text;
using System.Text.Json;

namespace SnapshotFunctions.LocalTests.Commands;

/// <summary>What a command came to.</summary>
internal sealed record CommandOutcome(int Exit, byte[] Output, string Error)
{
    /// <summary>Its results as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>Its results as one JSON document.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}
