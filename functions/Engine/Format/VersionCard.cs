using System.Text;
using System.Text.Json;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// What a base or delta says of the version it stands for or leads to, so that a catalog can be
/// rebuilt when every copy of the manifest is lost.
/// </summary>
/// <param name="Time">When the version was ingested.</param>
/// <param name="Label">The user's label.</param>
/// <param name="Snapshot">The snapshot's name.</param>
/// <param name="Parent">The version the snapshot was taken against.</param>
public sealed record VersionCard(
    DateTimeOffset Time, string? Label = null, string? Snapshot = null, int? Parent = null)
{
    /// <summary>Most bytes of a card's JSON.</summary>
    public const int MostBytes = 4096;

    /// <summary>A card that says nothing; of an empty base.</summary>
    public static VersionCard None { get; } = new(DateTimeOffset.UnixEpoch);

    /// <summary>The stored form.</summary>
    /// <exception cref="Model.RefusedException">It is too long to be read back.</exception>
    internal string ToJson()
    {
        var json = JsonSerializer.Serialize(this, VersionCardJson.Default.VersionCard);
        return Encoding.UTF8.GetByteCount(json) <= MostBytes
            ? json
            : throw new Model.RefusedException(
                "label", $"The label and names of a version take more than {MostBytes} bytes.");
    }

    internal static VersionCard Parse(string json, string objectName)
    {
        try
        {
            return JsonSerializer.Deserialize(json, VersionCardJson.Default.VersionCard) ?? None;
        }
        catch (JsonException error)
        {
            throw new Model.CorruptObjectException(objectName, "a version card", "other text", error);
        }
    }
}
