using System.Globalization;
using System.Net;

namespace SnapshotFunctions.Local.Serving.Web;

/// <summary>Reads addresses to listen on as a user writes them.</summary>
internal static class ListenAddress
{
    /// <summary>Where the API is served unless said otherwise.</summary>
    public static readonly IPEndPoint Default = new(IPAddress.Loopback, 8250);

    /// <summary>
    /// Reads <c>127.0.0.1:8250</c>, <c>[::1]:8250</c>, <c>localhost:8250</c> or <c>*:8250</c> (all
    /// addresses); null for another text. Port 0 is any free one.
    /// </summary>
    public static IPEndPoint? Parse(string? text)
    {
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !ushort.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            return null;
        return AddressOf(text![..colon]) is { } address ? new IPEndPoint(address, port) : null;
    }

    private static IPAddress? AddressOf(string host)
    {
        if (host is "localhost") return IPAddress.Loopback;
        if (host is "*") return IPAddress.Any;
        var isBracketed = host is ['[', .., ']'];
        // Four parts: a plain number is an address too, but hardly ever the one that is meant.
        if (!isBracketed && host.Count(c => c == '.') != 3) return null;
        return IPAddress.TryParse(isBracketed ? host[1..^1] : host, out var address) ? address : null;
    }
}
