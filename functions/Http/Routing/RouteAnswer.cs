using System.Text.Json.Serialization.Metadata;

namespace SnapshotFunctions.Http.Routing;

/// <summary>A good answer of a route.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Summary">When it is given.</param>
/// <param name="Document">The JSON document in it; null for none.</param>
/// <param name="Bytes">The media type of bytes in it; null for none.</param>
public sealed record RouteAnswer(
    int Status, string Summary, JsonTypeInfo? Document = null, string? Bytes = null)
{
    /// <summary>Headers that it always has, with one sentence each.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
