using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Serving.Web;

/// <summary>The key that callers must have. It is held as its hash and has no way to be shown.</summary>
internal sealed class AccessKey
{
    /// <summary>The variable that holds the key where no file does.</summary>
    public const string Variable = "SNAPSHOTS_KEY";

    private const int LeastCharacters = 24;
    private const int MostBytes = 4096;
    private const string Bearer = "Bearer ";
    private const string FunctionsHeader = "x-functions-key";

    private readonly byte[] _hash;

    private AccessKey(string key) => _hash = HashOf(key);

    /// <summary>The key of a file, else of <see cref="Variable"/>; null for none.</summary>
    /// <exception cref="RefusedException">"key": it cannot be read, or is no good key.</exception>
    public static AccessKey? Read(string? file)
    {
        if (file is not null) return Of(TextOf(file), $"the file {file}");
        var text = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(text) ? null : Of(text, Variable);
    }

    /// <summary>A key; white space around it is not part of it.</summary>
    /// <exception cref="RefusedException">"key": it is too short, or cannot be sent.</exception>
    public static AccessKey Of(string text, string where)
    {
        var key = text.Trim();
        if (key.Length < LeastCharacters)
            throw Refused($"{where} has fewer than {LeastCharacters} characters");
        if (!key.All(c => c is > ' ' and <= '~'))
            throw Refused($"{where} has other characters than printable ASCII without spaces");
        return new AccessKey(key);
    }

    /// <summary>Whether a request brings the key, as a bearer or in the Functions app's header.</summary>
    public bool IsIn(HttpRequest request)
    {
        var authorization = request.Headers.Authorization;
        if (authorization is [{ } bearer]
            && bearer.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return Matches(bearer[Bearer.Length..].Trim());
        return authorization.Count == 0
            && request.Headers[FunctionsHeader] is [{ } key] && Matches(key.Trim());
    }

    // The time taken depends on neither the key nor its length: hashes are compared.
    private bool Matches(string key) => CryptographicOperations.FixedTimeEquals(HashOf(key), _hash);

    private static byte[] HashOf(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    private static string TextOf(string file)
    {
        try
        {
            if (new FileInfo(file).Length > MostBytes)
                throw Refused($"the file {file} has more than {MostBytes} bytes");
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Refused($"the file {file} cannot be read: {error.Message}");
        }
    }

    private static RefusedException Refused(string why) => new(
        "key",
        $"The key cannot be used: {why}. 'openssl rand -hex 24' makes a good one.");
}
