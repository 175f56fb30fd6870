using System.Net;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Serving.Web;

/// <summary>Where the API is served, and to whom.</summary>
internal sealed record WebSetting
{
    /// <summary>A setting that is safe to serve.</summary>
    /// <exception cref="RefusedException">
    /// "listen-public": an address that others can reach, without the user's word and a key.
    /// </exception>
    public WebSetting(IReadOnlyList<IPEndPoint> addresses, bool isPublic, AccessKey? key)
    {
        (Addresses, Key) = (addresses, key);
        var open = addresses.FirstOrDefault(a => !IPAddress.IsLoopback(a.Address));
        if (open is null) return;
        if (!isPublic)
        {
            throw new RefusedException(
                "listen-public",
                $"Other machines can reach {open}: say --public and give a key, or listen on "
                + "127.0.0.1.");
        }
        if (key is null)
        {
            throw new RefusedException(
                "listen-public",
                $"Other machines can reach {open}: give a key with --key-file or in "
                + $"{AccessKey.Variable}.");
        }
    }

    /// <summary>The addresses.</summary>
    public IReadOnlyList<IPEndPoint> Addresses { get; }

    /// <summary>What callers must have; null for nothing, on loopback only.</summary>
    public AccessKey? Key { get; }

    /// <summary>Limits.</summary>
    public WebLimits Limits { get; init; } = new();
}
