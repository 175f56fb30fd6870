using System.Security.Cryptography;
using System.Text;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>
/// The header <c>Idempotency-Key</c>: a call that is sent again under its key answers the job that
/// the first one started. The key goes into the job's id, hashed with the route and the machine, so
/// that the job itself remembers it: no table of keys can be lost or lag behind.
/// </summary>
internal static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";
    private const int MostCharacters = 200;
    private const int IdDigits = 32;

    /// <summary>The parameter for the description.</summary>
    public static RouteParameter Parameter { get; } = new(
        Header, "header", "string",
        "1 to 200 printable ASCII characters, bare or as a quoted string. The same call again "
        + "under the same key answers the same job; another body under it is refused.");

    /// <summary>The id of the job that a call's key stands for; null without a key.</summary>
    public static string? JobId(ApiCall call, string flow, string machine)
    {
        var values = call.Request.Headers[Header];
        if (values.Count == 0) return null;
        if (values.Count > 1) throw ApiCall.Refused(Header, "one value", $"{values.Count}");
        var key = Unquoted(values[0] ?? string.Empty);
        if (key.Length is 0 or > MostCharacters || key.Any(c => c is < ' ' or > '~'))
            throw ApiCall.Refused(
                Header, $"1 to {MostCharacters} printable ASCII characters",
                $"{key.Length} others");
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes($"{flow}\n{machine}\n{key}"));
        var digits = Convert.ToHexStringLower(hash)[..IdDigits];
        return $"{flow.ToLowerInvariant()}-{machine}-{digits}";
    }

    /// <summary>
    /// The text of a structured field's string; anything else as it stands, since most clients
    /// send the key bare.
    /// </summary>
    private static string Unquoted(string value)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"') return value;
        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length - 1; i++)
        {
            if (value[i] == '\\' && i + 1 < value.Length - 1) i++;
            text.Append(value[i]);
        }
        return text.ToString();
    }
}
