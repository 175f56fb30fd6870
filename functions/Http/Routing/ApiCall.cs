using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Routing;

/// <summary>One call of a route: its parameters, checked, and ways to answer.</summary>
public sealed class ApiCall(HttpContext context)
{
    /// <summary>The longest JSON body that is read.</summary>
    public const int MostBodyBytes = 256 << 10;

    /// <summary>The call as ASP.NET Core has it.</summary>
    public HttpContext Context => context;

    /// <summary>The request.</summary>
    public HttpRequest Request => context.Request;

    /// <summary>The response.</summary>
    public HttpResponse Response => context.Response;

    /// <summary>Ends when the client has gone.</summary>
    public CancellationToken Cancellation => context.RequestAborted;

    /// <summary>The price table of the host.</summary>
    public PriceTable Prices { get; init; } = PriceTables.BuiltIn;

    /// <summary>The machine that the path names.</summary>
    public string Machine => Name("machine");

    /// <summary>The version that the path names; null for <c>latest</c>.</summary>
    /// <exception cref="RefusedException">It is neither a number from 1 up nor <c>latest</c>.</exception>
    public int? Version
    {
        get
        {
            var text = Segment("version");
            if (string.Equals(text, "latest", StringComparison.Ordinal)) return null;
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number > 0 ? number : throw Refused("version", "a number from 1 up, or latest", text);
        }
    }

    /// <summary>A name that the path holds, by the rules of all names.</summary>
    public string Name(string parameter)
    {
        var text = Segment(parameter);
        return ObjectNames.IsName(text) ? text : throw Refused(
            parameter, "a to z, 0 to 9 and '-', at most 63 characters, no '-' first", text);
    }

    /// <summary>A part of the path as it stands.</summary>
    public string Segment(string parameter) =>
        context.Request.RouteValues[parameter] as string
        ?? throw new InvalidOperationException($"The route has no parameter '{parameter}'.");

    /// <summary>A text of the query; null when it is not there.</summary>
    public string? Text(string parameter, int mostCharacters = 200)
    {
        var values = context.Request.Query[parameter];
        if (values.Count == 0) return null;
        if (values.Count > 1) throw Refused(parameter, "one value", $"{values.Count}");
        return values[0] is { } text && text.Length <= mostCharacters
            ? text
            : throw Refused(parameter, $"at most {mostCharacters} characters", "more");
    }

    /// <summary>A whole number of the query; the default when it is not there.</summary>
    public long Number(string parameter, long byDefault, long least, long most)
    {
        var text = Text(parameter);
        if (text is null) return byDefault;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most
            ? number
            : throw Refused(parameter, $"a number from {least} to {most}", text);
    }

    /// <summary>A time of the query, RFC 3339; null when it is not there.</summary>
    public DateTimeOffset? Time(string parameter)
    {
        var text = Text(parameter);
        if (text is null) return null;
        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw Refused(parameter, "a time as 2026-11-23T10:00:00Z", text);
    }

    /// <summary>Reads the JSON body; null when there is none.</summary>
    /// <exception cref="RefusedException">It is no JSON of this shape, or too long.</exception>
    public async Task<T?> BodyAsync<T>(JsonTypeInfo<T> type)
        where T : class
    {
        var bytes = await RequestBody.ReadAsync(Request, MostBodyBytes, Cancellation);
        if (bytes.Length == 0) return null;
        try
        {
            return JsonSerializer.Deserialize(bytes, type)
                ?? throw Refused("body", "an object", "null");
        }
        catch (JsonException error)
        {
            throw Refused("body", $"JSON of {type.Type.Name}", error.Message);
        }
    }

    /// <summary>Answers with a JSON document.</summary>
    public async Task WriteAsync<T>(T document, JsonTypeInfo<T> type, int status = 200)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(document, type);
        Response.StatusCode = status;
        Response.ContentType = "application/json";
        Response.ContentLength = bytes.Length;
        await Response.Body.WriteAsync(bytes, Cancellation);
    }

    /// <summary>An error about a parameter: a 400 that says what was expected and found.</summary>
    public static RefusedException Refused(string parameter, string expected, string found) =>
        new("parameter", $"{parameter}: expected {expected}; found '{Shown(found)}'.");

    private static string Shown(string text) => text.Length <= 100 ? text : $"{text[..100]}...";
}
