using System.Text.Json;
using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>
/// Writes usage as journals and jobs keep it: a short text of lines, <c>Write Hot 3 4096</c> each,
/// with ';' between them. Documents for people have shapes of their own.
/// </summary>
public sealed class UsageJsonConverter : JsonConverter<Usage>
{
    /// <inheritdoc/>
    public override Usage Read(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString() ?? throw new JsonException("Usage is null.");
        var lines = new List<UsageLine>();
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = part.Split(' ');
            if (words.Length != 4
                || !Enum.TryParse<UsageKind>(words[0], out var kind) || !Enum.IsDefined(kind)
                || !Enum.TryParse<StorageTier>(words[1], out var tier) || !Enum.IsDefined(tier)
                || !long.TryParse(words[2], Invariant, out var count)
                || !long.TryParse(words[3], Invariant, out var bytes))
                throw new JsonException($"'{part}' is no line of usage.");
            lines.Add(new UsageLine(kind, tier, count, bytes));
        }
        return new Usage(lines);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Usage value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStringValue(string.Join(';', value.Lines.Select(l => string.Create(
            Invariant, $"{l.Kind} {l.Tier} {l.Count} {l.Bytes}"))));
    }

    private static IFormatProvider Invariant => System.Globalization.CultureInfo.InvariantCulture;
}
