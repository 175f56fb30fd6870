using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Problems;

namespace SnapshotFunctions.Local.Serving.Web;

/// <summary>
/// Decides who is answered. With a key: whoever has it. Without one the host listens on loopback
/// only, where a web page in the user's browser is the stranger: it can make the browser send
/// requests here, by a name of its own that leads to 127.0.0.1 or as a form that is posted across.
/// So the name in Host must be one of this machine, and nothing is changed for another page.
/// </summary>
internal sealed class CallerCheck(AccessKey? key)
{
    /// <summary>Whether a request brings the key; true where none is asked for.</summary>
    public bool HasKey(HttpRequest request) => key is null || key.IsIn(request);

    /// <summary>Why a request is not answered; null when it is.</summary>
    public SnapshotException? Refusal(HttpRequest request, bool needsKey)
    {
        if (key is null) return StrangePage(request);
        if (!needsKey || key.IsIn(request)) return null;
        return new ApiProblemException(
            ProblemKinds.Unauthorized, "unauthorized",
            "Send the key in the header 'Authorization: Bearer KEY'.")
        {
            Headers = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [HeaderNames.WWWAuthenticate] = "Bearer",
            },
        };
    }

    private static ApiProblemException? StrangePage(HttpRequest request)
    {
        if (!IsLoopback(request.Host))
        {
            return Forbidden(
                "host", "The header Host does not name this machine: use localhost or 127.0.0.1, or "
                + "start the host with a key.");
        }
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return null;
        var origin = request.Headers.Origin;
        var site = request.Headers["Sec-Fetch-Site"];
        var isOwn = origin.Count == 0
            || string.Equals(
                origin.ToString(), $"{request.Scheme}://{request.Host}",
                StringComparison.OrdinalIgnoreCase);
        return isOwn && (site.Count == 0 || site.ToString() is "same-origin" or "none")
            ? null
            : Forbidden("origin", "A page of another origin may not change anything here.");
    }

    private static bool IsLoopback(HostString host) =>
        string.Equals(host.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address)
            && IPAddress.IsLoopback(address));

    private static ApiProblemException Forbidden(string reason, string message) =>
        new(ProblemKinds.Forbidden, $"forbidden-{reason}", message);
}
