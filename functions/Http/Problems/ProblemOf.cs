using System.Globalization;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Problems;

/// <summary>Which problem an error is answered with.</summary>
public static class ProblemOf
{
    /// <summary>The kind of an error.</summary>
    public static ProblemKind Kind(Exception error) => error switch
    {
        ApiProblemException known => known.Kind,
        SnapshotException known => OfCode(known.Code),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            ProblemKinds.TooLarge,
        BadHttpRequestException => ProblemKinds.BadRequest,
        _ => ProblemKinds.Unexpected,
    };

    /// <summary>The kind of an error's code, also of one that came through a journal.</summary>
    public static ProblemKind OfCode(string code) => code switch
    {
        "not-found" => ProblemKinds.NotFound,
        "refused-parameter" or "refused-name" or "refused-which-disk" or "refused-range"
            or "refused-format" or "refused-format-stream" or "refused-policy" or "refused-simulation"
            or "refused-job-id" or "refused-upload-length" or "refused-body-short" => ProblemKinds.BadRequest,
        "refused-body-length" => ProblemKinds.TooLarge,
        "refused-job-exists" => ProblemKinds.KeyReused,
        "turn-taken" or "turn-lost" or "superseded" or "overtaken"
            or "refused-upload-writer" => ProblemKinds.Busy,
        "upload-no-room" => ProblemKinds.NoRoom,
        "object-archived" => ProblemKinds.Archived,
        "corrupt-object" or "proof-failed" or "object-not-found" => ProblemKinds.Damaged,
        "store-busy" or "store-refused" => ProblemKinds.Unavailable,
        _ when code.StartsWith("image-", StringComparison.Ordinal) => ProblemKinds.BadImage,
        _ when code.StartsWith("refused-", StringComparison.Ordinal) => ProblemKinds.Refused,
        _ => ProblemKinds.Unexpected,
    };

    /// <summary>The document of an error.</summary>
    public static Problem Document(Exception error, string path)
    {
        var kind = Kind(error);
        var known = error as SnapshotException;
        // What was not foreseen may hold paths and names that are not the caller's to know.
        var detail = known is not null || error is BadHttpRequestException
            ? error.Message : kind.Meaning;
        return new Problem(
            kind.Type, kind.Title, kind.Status, detail, known?.Code ?? kind.Name, path)
        {
            Rehydration = (error as ApiProblemException)?.Rehydration,
        };
    }

    /// <summary>Headers that go with an error's answer.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Headers(Exception error)
    {
        if (error is ApiProblemException known)
            foreach (var header in known.Headers) yield return header;
        if (Kind(error).Status != StatusCodes.Status503ServiceUnavailable) yield break;
        var wait = (error as StoreBusyException)?.RetryAfter ?? TimeSpan.FromSeconds(5);
        yield return new("Retry-After", Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture));
    }
}
