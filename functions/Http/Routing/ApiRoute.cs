namespace SnapshotFunctions.Http.Routing;

/// <summary>
/// One route of the API: what a host maps, and what the OpenAPI document says of it. The local host
/// and the Functions app both map exactly the routes of <see cref="Api.Routes"/>.
/// </summary>
/// <param name="Name">The operation's name, for example <c>GetMachine</c>; a function's name too.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Template">
/// Below <c>/api/</c>, without a leading slash: <c>machines/{machine}</c>. Parameters are whole
/// segments.
/// </param>
/// <param name="Handle">Answers a call; what it throws becomes a problem+json.</param>
/// <param name="About">What the document says of it.</param>
public sealed record ApiRoute(
    string Name, string Method, string Template, Func<ApiCall, Task> Handle, RouteAbout About);
