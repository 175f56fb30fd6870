using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Store;

/// <content>Listings: one directory's names are held at a time, and one object's head read.</content>
public sealed partial class FolderStore
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var names = EnumerateNames(prefix, ".o").GetEnumerator();
        while (await RunAsync(prefix, () => Task.FromResult(names.MoveNext()), cancellation))
        {
            // One deleted since its directory was read is left out.
            if (await FindAsync(names.Current, cancellation) is { } properties)
                yield return properties;
        }
    }

    /// <summary>The names with an entry of one of these kinds, in ordinal order, each once.</summary>
    private IEnumerable<string> EnumerateNames(string prefix, params string[] kinds) =>
        EnumerateNames(_objects, string.Empty, prefix, kinds);

    private IEnumerable<string> EnumerateNames(
        string directory, string before, string prefix, string[] kinds)
    {
        var entries = _files.List(directory);
        var below = entries.Any(entry => entry.EndsWith(".c", StringComparison.Ordinal))
            ? InSortedWhole(directory, before, prefix, kinds, entries)
            : InTurn(directory, before, prefix, kinds, entries);
        foreach (var name in below)
            yield return name;
    }

    /// <summary>
    /// Walks entries in the order of what they stand for: "a" for the object a, "a/" for its
    /// folder. That is the ordinal order of the names below them.
    /// </summary>
    private IEnumerable<string> InTurn(
        string directory, string before, string prefix, string[] kinds, IReadOnlyList<string> entries)
    {
        var sorted = entries
            .Select(entry => (Key: KeyOf(entry, kinds), Entry: entry))
            .Where(item => item.Key is not null)
            .Select(item => (Name: before + item.Key, item.Entry))
            .Where(item => Meets(item.Name, prefix, item.Entry))
            .OrderBy(item => item.Name, StringComparer.Ordinal)
            .ToArray();
        string? last = null;
        foreach (var (name, entry) in sorted)
        {
            if (!IsFolder(entry))
            {
                if (!string.Equals(last, name, StringComparison.Ordinal))
                    yield return last = name;
                continue;
            }

            foreach (var inner in EnumerateNames($"{directory}/{entry}", name, prefix, kinds))
                yield return inner;
        }
    }

    /// <summary>
    /// Beside a part that is cut in two the order of entries is not that of names; parts beyond
    /// 200 characters are rare, so such a directory is collected and sorted.
    /// </summary>
    private List<string> InSortedWhole(
        string directory, string before, string prefix, string[] kinds, IReadOnlyList<string> entries)
    {
        List<string> names = [.. InTurn(directory, before, prefix, kinds, entries)];
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private static bool IsFolder(string entry) =>
        entry.EndsWith(".f", StringComparison.Ordinal) || entry.EndsWith(".c", StringComparison.Ordinal);

    private static string? KeyOf(string entry, string[] kinds)
    {
        if (entry.Length < 3)
            return null;
        var stem = entry[..^2];
        return entry[^2..] switch
        {
            ".f" => stem + "/",
            ".c" => stem,
            var kind => kinds.Contains(kind, StringComparer.Ordinal) ? stem : null,
        };
    }

    private static bool Meets(string name, string prefix, string entry) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        || (IsFolder(entry) && prefix.StartsWith(name, StringComparison.Ordinal));
}
