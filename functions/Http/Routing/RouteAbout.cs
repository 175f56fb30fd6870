using System.Text.Json.Serialization.Metadata;

namespace SnapshotFunctions.Http.Routing;

/// <summary>What the OpenAPI document says of a route, besides its method and template.</summary>
/// <param name="Summary">One sentence for people.</param>
/// <param name="Area">The tag it is listed under: Machines, Disks, Uploads, Jobs, Description.</param>
public sealed record RouteAbout(string Summary, string Area)
{
    /// <summary>Query parameters and request headers, the template's own left out.</summary>
    public IReadOnlyList<RouteParameter> Parameters { get; init; } = [];

    /// <summary>The JSON body that is read; null for none.</summary>
    public JsonTypeInfo? Body { get; init; }

    /// <summary>Whether the body may be left out.</summary>
    public bool IsBodyOptional { get; init; }

    /// <summary>The media type of a body that is bytes; null for none.</summary>
    public string? BytesBody { get; init; }

    /// <summary>What is answered when all goes well.</summary>
    public IReadOnlyList<RouteAnswer> Answers { get; init; } = [];

    /// <summary>The statuses of problem+json that it answers with, besides 401 and 500.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];
}
