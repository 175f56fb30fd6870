using System.Net.Sockets;
using Azure;
using Azure.Identity;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// The one place where errors of the service, the SDK and the network become the port's. Messages
/// carry the status, the service's own word for the error and its request id; never a URL with a
/// query, a header of the request or a connection string.
/// </summary>
/// <param name="place">The container and account, for messages.</param>
internal sealed class BlobErrors(string place)
{
    private const string Role = "the role 'Storage Blob Data Contributor'";

    /// <summary>Whether this is an error that <see cref="Translate"/> has a word for.</summary>
    public static bool Knows(Exception error) => error switch
    {
        RequestFailedException or AuthenticationFailedException => true,
        AggregateException several => several.InnerExceptions.All(Knows),
        OperationCanceledException or TimeoutException => true,
        IOException or HttpRequestException or SocketException => true,
        _ => false,
    };

    /// <summary>Does what the service is asked for; its errors are told in the port's words.</summary>
    /// <param name="name">The object that is asked for.</param>
    /// <param name="writing">Whether it is a write, as for <see cref="Translate"/>.</param>
    /// <param name="action">What is asked.</param>
    /// <param name="cancellation">The caller's own.</param>
    public async Task<T> RunAsync<T>(
        string name, bool writing, Func<Task<T>> action, CancellationToken cancellation)
    {
        try
        {
            return await action();
        }
        catch (Exception error) when (Knows(error))
        {
            throw Translate(error, name, writing, cancellation);
        }
    }

    /// <summary>What the caller is told instead.</summary>
    /// <param name="error">What happened.</param>
    /// <param name="name">The object that was asked for.</param>
    /// <param name="writing">
    /// Whether it was a write: one that finds no object was overtaken by its deletion.
    /// </param>
    /// <param name="cancellation">The caller's own: its end is not the store's failure.</param>
    public Exception Translate(
        Exception error, string name, bool writing, CancellationToken cancellation)
    {
        if (error is RequestFailedException { Status: > 0 } answer)
            return FromAnswer(answer, name, writing);
        if (cancellation.IsCancellationRequested)
            return new OperationCanceledException(error.Message, error, cancellation);
        if (Refusal(error) is { } refusal)
        {
            return new StoreRefusedException(
                name,
                $"{place} was not reached, for no credential was accepted: {refusal.Message}");
        }

        return new StoreBusyException(name, Why(error), inner: error);
    }

    /// <summary>Whether there is no such blob, in a container that is there.</summary>
    public static bool IsNoSuchBlob(RequestFailedException answer) =>
        answer.Status == 404 && answer.ErrorCode is not "ContainerNotFound";

    private Exception FromAnswer(RequestFailedException answer, string name, bool writing) =>
        (answer.Status, answer.ErrorCode) switch
        {
            (412, { } code) when code.StartsWith("Lease", StringComparison.Ordinal) =>
                Refused(answer, name, "somebody else holds a lease on it; break the lease"),
            (412, _) => new OvertakenException(
                name, "it is not in the state that was asked for", answer),
            (409, "BlobAlreadyExists") => new OvertakenException(name, "it exists already", answer),
            (400, "InvalidBlockList") => new OvertakenException(
                name, "a block of the list to commit is not there (any more)", answer),
            (409, "BlobArchived") => new ObjectArchivedException(name, rehydrating: false, answer),
            (409, "BlobBeingRehydrated") => new ObjectArchivedException(
                name, rehydrating: true, answer),

            // A missing container must not look like a missing object: who believed that would
            // take everything in it for deleted.
            (404, "ContainerNotFound") => Refused(answer, name, "the container is not there"),
            (404, _) => writing
                ? new OvertakenException(name, "there is no such object any more", answer)
                : new ObjectNotFoundException(name, answer),
            (416, _) => Refused(answer, name, "the range does not lie within the object"),

            // The service repeats what it signed in the answer; that goes no further.
            (401 or 403, _) => new StoreRefusedException(
                name,
                $"{place} answered {Told(answer)}. The caller needs {Role} there, "
                + "a network rule that lets it in, and a clock that is right"),
            (408 or 429 or 500 or 502 or 503 or 504, _) => Busy(answer, name),
            (409, "ContainerBeingDeleted" or "AccountBeingCreated") => Busy(answer, name),
            (400, "Md5Mismatch" or "Crc64Mismatch") => Busy(answer, name),
            _ => Refused(answer, name, "it takes no such request"),
        };

    private StoreRefusedException Refused(RequestFailedException answer, string name, string why) =>
        new(name, $"{why} ({place} answered {Told(answer)})", answer);

    private StoreBusyException Busy(RequestFailedException answer, string name) =>
        new(name, $"{place} answered {Told(answer)}", RetryAfter(answer.GetRawResponse()), answer);

    private static string Told(RequestFailedException answer)
    {
        var request = answer.GetRawResponse()?.Headers.RequestId;
        return $"{answer.Status} {answer.ErrorCode ?? "without a code"}"
            + (request is null ? "" : $", request {request}");
    }

    private string Why(Exception error) => Innermost(error) switch
    {
        OperationCanceledException or TimeoutException => $"{place} stayed silent for too long",
        var cause => $"{place} was not reached: {cause.GetType().Name}, {cause.Message}",
    };

    private static Exception Innermost(Exception error)
    {
        // The last of the SDK's several attempts is what stands now.
        while ((error as AggregateException)?.InnerExceptions[^1] is { } last)
            error = last;
        return error;
    }

    private static AuthenticationFailedException? Refusal(Exception error) =>
        Innermost(error) as AuthenticationFailedException;

    private static TimeSpan? RetryAfter(Response? response)
    {
        if (response is null)
            return null;
        if (Number("x-ms-retry-after-ms") is { } milliseconds)
            return TimeSpan.FromMilliseconds(milliseconds);
        if (Number("Retry-After") is { } seconds)
            return TimeSpan.FromSeconds(seconds);

        // A date is told by the service's clock, so it is measured by that clock too.
        return Date("Retry-After") - Date("Date") is { Ticks: > 0 } wait ? wait : null;

        int? Number(string header) =>
            response.Headers.TryGetValue(header, out var text)
            && int.TryParse(text, out var number) && number >= 0
                ? number
                : null;
        DateTimeOffset? Date(string header) =>
            response.Headers.TryGetValue(header, out var text)
            && DateTimeOffset.TryParse(text, out var date)
                ? date
                : null;
    }
}
