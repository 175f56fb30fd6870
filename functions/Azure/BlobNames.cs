using System.Buffers;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// An object's name is its blob's name, letter for letter. It is checked before it becomes a part
/// of a URL, where "..", an empty part or a '?' would address something else.
/// </summary>
internal static class BlobNames
{
    private const int LongestName = 1024;
    private const int ShortestContainer = 3;
    private const int LongestContainer = 63;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._/");

    private static readonly SearchValues<char> AllowedInContainer =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The name itself, when it is one.</summary>
    /// <exception cref="StoreRefusedException">It is no name of an object.</exception>
    public static string Check(string name) => IsName(name)
        ? name
        : throw new StoreRefusedException(
            name,
            "an object's name is 1 to 1,024 of a-z, 0-9, '-', '.', '_' and '/', "
            + "and no part between slashes is empty, '.' or '..'");

    /// <summary>Whether Azure takes this as a container's name.</summary>
    public static bool IsContainer(string name) =>
        name.Length is >= ShortestContainer and <= LongestContainer
        && !name.AsSpan().ContainsAnyExcept(AllowedInContainer)
        && name[0] != '-'
        && name[^1] != '-'
        && !name.Contains("--", StringComparison.Ordinal);

    private static bool IsName(string name)
    {
        if (name.Length is 0 or > LongestName || name.AsSpan().ContainsAnyExcept(Allowed))
            return false;
        foreach (var part in name.AsSpan().Split('/'))
        {
            if (name.AsSpan(part) is "" or "." or "..")
                return false;
        }

        return true;
    }
}
