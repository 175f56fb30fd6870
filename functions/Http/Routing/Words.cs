using System.Text.Json;

namespace SnapshotFunctions.Http.Routing;

/// <summary>Enumerations in a query, written as the documents write them.</summary>
internal static class Words
{
    /// <summary>All words of an enumeration.</summary>
    public static IReadOnlyList<string> All<T>()
        where T : struct, Enum => [.. Enum.GetValues<T>().Select(Of)];

    /// <summary>A value as a word.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>The value that a parameter of the query names; null when it is not there.</summary>
    public static T? Find<T>(ApiCall call, string parameter)
        where T : struct, Enum
    {
        if (call.Text(parameter) is not { } text) return null;
        foreach (var value in Enum.GetValues<T>())
            if (string.Equals(Of(value), text, StringComparison.Ordinal)) return value;
        throw ApiCall.Refused(parameter, $"one of {string.Join(", ", All<T>())}", text);
    }
}
