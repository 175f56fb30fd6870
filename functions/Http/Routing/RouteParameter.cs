namespace SnapshotFunctions.Http.Routing;

/// <summary>A parameter of a route.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it stands: <c>query</c> or <c>header</c>.</param>
/// <param name="Type">Its JSON type: <c>string</c>, <c>integer</c>, <c>boolean</c>.</param>
/// <param name="Summary">One sentence: meaning, default, bounds.</param>
/// <param name="IsRequired">Whether a call without it is refused.</param>
public sealed record RouteParameter(
    string Name, string In, string Type, string Summary, bool IsRequired = false)
{
    /// <summary>The only values that it may have; empty for any.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The least number; null for no bound.</summary>
    public long? Least { get; init; }

    /// <summary>The largest number; null for no bound.</summary>
    public long? Most { get; init; }

    /// <summary>The number that leaving it out stands for; null for none.</summary>
    public long? Default { get; init; }
}
