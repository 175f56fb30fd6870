using System.Globalization;
using Microsoft.AspNetCore.Http;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Http.Uploads;

/// <summary>The headers that tell how far a file has come.</summary>
internal static class UploadHeaders
{
    /// <summary>How many bytes are here: where the next piece begins.</summary>
    public const string Offset = "Upload-Offset";

    /// <summary>The file's whole length, once it is known.</summary>
    public const string Length = "Upload-Length";

    /// <summary>Whether all of it is here.</summary>
    public const string Complete = "Upload-Complete";

    /// <summary>Them in the description.</summary>
    public static IReadOnlyDictionary<string, string> About { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Offset] = "How many bytes of the file are here, durably: where the next piece begins.",
            [Complete] = "?1 when all of the file is here, else ?0.",
        };

    /// <summary>Tells them of a file.</summary>
    public static void Set(HttpResponse response, UploadedFileStatus file)
    {
        foreach (var (name, value) in Of(file)) response.Headers[name] = value;
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>The headers of a file; of one that is not there, a beginning.</summary>
    public static IReadOnlyDictionary<string, string> Of(UploadedFileStatus? file)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Offset] = (file?.ReceivedBytes ?? 0).ToString(CultureInfo.InvariantCulture),
            [Complete] = file?.IsComplete is true ? "?1" : "?0",
        };
        if (file?.TotalBytes is { } total)
            headers[Length] = total.ToString(CultureInfo.InvariantCulture);
        return headers;
    }
}
