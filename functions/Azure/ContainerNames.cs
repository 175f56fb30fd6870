using System.Buffers;

namespace SnapshotFunctions.AzureStore;

/// <summary>What Azure takes as a container's name.</summary>
internal static class ContainerNames
{
    /// <summary>The rule, in words.</summary>
    public const string Rule =
        "3 to 63 of a-z, 0-9 and single '-', beginning and ending with a letter or digit";

    private const int Shortest = 3;
    private const int Longest = 63;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>Whether Azure takes this as a container's name.</summary>
    public static bool IsName(string name) =>
        name.Length is >= Shortest and <= Longest
        && !name.AsSpan().ContainsAnyExcept(Allowed)
        && name[0] != '-'
        && name[^1] != '-'
        && !name.Contains("--", StringComparison.Ordinal);
}
