using System.Text.Json;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>
/// Reads and writes policies as people write them. Strict: what is not understood is refused and
/// says where, because a rule that is misspelt and left out would let versions go.
/// </summary>
public static class PolicyCodec
{
    /// <summary>The longest document that is read.</summary>
    public const int MostBytes = 64 << 10;

    /// <summary>Reads a policy.</summary>
    /// <param name="json">The document.</param>
    /// <param name="place">Where it comes from, for messages.</param>
    /// <exception cref="RefusedException">Reason "policy": it is no such document.</exception>
    public static MachinePolicy Read(ReadOnlyMemory<byte> json, string place)
    {
        if (json.Length > MostBytes)
            throw Refused(place, "the document", $"at most {MostBytes} bytes", $"{json.Length}");
        if (json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) json = json[3..];
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions
            {
                AllowDuplicateProperties = false,
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                MaxDepth = 8,
            });
            var policy = new PolicyReader(place).Read(document.RootElement);
            return PolicyChecks.Find(policy) is { } fault ? throw Refused(place, fault) : policy;
        }
        catch (JsonException error)
        {
            throw Refused(place, "the document", "one JSON object", error.Message);
        }
    }

    /// <summary>Writes a policy, one member a line.</summary>
    public static string Write(MachinePolicy policy) =>
        JsonSerializer.Serialize(PolicyDocument.Of(policy), PolicyJson.Default.PolicyDocument);

    /// <summary>The error that something in a document is not as it must be.</summary>
    internal static RefusedException Refused(
        string place, string path, string expected, string found) =>
        new("policy", $"{place} is no policy: {path}: expected {expected}; found {found}.");

    /// <summary>A fault by the document's own names and units.</summary>
    private static RefusedException Refused(string place, PolicyFault fault)
    {
        foreach (var (stored, written, unit) in Renamed)
        {
            if (!fault.Path.EndsWith(stored, StringComparison.Ordinal)) continue;
            return Refused(
                place, $"{fault.Path[..^stored.Length]}{written}", $"{fault.Expected} {unit}",
                fault.Found);
        }
        return Refused(place, fault.Path, fault.Expected, fault.Found);
    }

    private static readonly (string Stored, string Written, string Unit)[] Renamed =
    [
        ("graceSeconds", "grace", "seconds"), ("withinSeconds", "within", "seconds"),
        ("afterDays", "after", "days"), ("quickHours", "quick", "hours"),
        ("readAllDays", "readAll", "days"), ("lastingDays", "for", "days"),
    ];
}
