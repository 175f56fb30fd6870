using System.Globalization;
using System.Text.RegularExpressions;

namespace SnapshotFunctions.Engine.Model;

/// <content>Online copies of archived objects.</content>
public static partial class ObjectNames
{
    /// <summary>The online copy of an object of the delta placement, as one rehydration makes it.</summary>
    public static string Rehydrated(string machine, long operation, string name) =>
        $"{Rehydrated(machine, operation)}{name}";

    /// <summary>What all names of a rehydration's copies begin with; it ends in a slash.</summary>
    public static string Rehydrated(string machine, long operation) =>
        $"machines/{machine}/rehydrated/{operation:D12}/";

    /// <summary>
    /// Reads back what the name of a copy says: which rehydration made it, and of which object. Of
    /// what all of them begin with, the object is empty.
    /// </summary>
    public static bool TryParseRehydrated(
        string name, out string machine, out long operation, out string original)
    {
        var match = RehydratedPattern().Match(name);
        (machine, operation, original) = match.Success
            ? (match.Groups["machine"].Value,
                long.Parse(match.Groups["op"].ValueSpan, CultureInfo.InvariantCulture),
                match.Groups["name"].Value)
            : (string.Empty, 0, string.Empty);
        return match.Success;
    }

    [GeneratedRegex(
        @"\Amachines/(?<machine>[a-z0-9][a-z0-9-]{0,62})/rehydrated/(?<op>[0-9]{12})/"
        + @"(?<name>[a-z0-9._/-]*)\z",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RehydratedPattern();
}
