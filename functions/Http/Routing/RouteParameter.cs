namespace SnapshotFunctions.Http.Routing;

/// <summary>A parameter of a route.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it stands: <c>query</c> or <c>header</c>.</param>
/// <param name="Type">Its JSON type: <c>string</c>, <c>integer</c>, <c>boolean</c>.</param>
/// <param name="Summary">One sentence: meaning, default, bounds.</param>
/// <param name="IsRequired">Whether a call without it is refused.</param>
public sealed record RouteParameter(
    string Name, string In, string Type, string Summary, bool IsRequired = false);
