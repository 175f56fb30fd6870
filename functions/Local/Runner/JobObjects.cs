using System.Globalization;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Runner;

/// <summary>The names of a job's objects: all under <c>jobs/{id}/</c>.</summary>
internal static class JobObjects
{
    public const string Root = "jobs/";
    private const int MaxIdLength = 200;

    public static string All(string id) => $"{Root}{id}/";

    public static string Start(string id) => $"{Root}{id}/start";

    public static string End(string id) => $"{Root}{id}/end";

    public static string Cancel(string id) => $"{Root}{id}/cancel";

    public static string Raised(string id) => $"{Root}{id}/raised/";

    public static string Journal(string id) => $"{Root}{id}/journal/";

    public static string Record(string id, int sequence) => $"{Root}{id}/journal/{sequence:D8}";

    /// <summary>The sequence number in a record's name.</summary>
    public static int SequenceOf(string name) =>
        int.TryParse(
            name.AsSpan(name.LastIndexOf('/') + 1), NumberStyles.None,
            CultureInfo.InvariantCulture, out var sequence)
            ? sequence
            : throw new CorruptObjectException(name, "a record's number at its end", name);

    /// <summary>Splits <c>jobs/{id}/{rest}</c>; false for a name of another shape.</summary>
    public static bool TrySplit(string name, out string id, out string rest)
    {
        var slash = name.Length > Root.Length ? name.IndexOf('/', Root.Length) : -1;
        id = slash < 0 ? string.Empty : name[Root.Length..slash];
        rest = slash < 0 ? string.Empty : name[(slash + 1)..];
        return slash >= 0;
    }

    /// <summary>Refuses an id that is no part of an object's name.</summary>
    public static void CheckId(string id)
    {
        var good = id.Length is > 0 and <= MaxIdLength && char.IsAsciiLetterOrDigit(id[0]);
        foreach (var c in id)
            good &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' or '_';
        if (good)
            return;
        throw new RefusedException(
            "job-id",
            $"'{id}' is no job id: expected 1 to {MaxIdLength} characters of a-z, 0-9, '-', '.' " +
            "and '_', the first a letter or digit.");
    }
}
