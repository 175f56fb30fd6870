using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>An answer as it came over the wire.</summary>
internal sealed record RawAnswer(
    int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, bool IsCut)
{
    /// <summary>The value of a header that must stand once; null when it is not there.</summary>
    public string? this[string name] => Headers
        .Where(h => string.Equals(h.Key, name, StringComparison.OrdinalIgnoreCase))
        .Select(h => h.Value).SingleOrDefault();

    public long? ContentLength => this["Content-Length"] is { } text
        ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;
}
