using System.IO.Hashing;
using System.Text;

namespace SnapshotFunctions.Local.Store;

/// <summary>
/// Where an object lies under the store's folder. Every entry ends in what it is, so that no two
/// names meet: <c>.f</c> the folder of a part before a slash, <c>.o</c> an object's head,
/// <c>.t</c> the head about to replace it, <c>.d</c> the directory of its data files, <c>.c</c>
/// the first 200 characters of a part too long for one file name, whose rest lies inside.
/// </summary>
internal sealed class ObjectPaths
{
    private const int MostPartCharacters = 200;

    private ObjectPaths(string parent, string stem)
    {
        Parent = parent;
        Head = $"{stem}.o";
        Temporary = $"{stem}.t";
        Data = $"{stem}.d";
    }

    /// <summary>The directory that holds the head.</summary>
    internal string Parent { get; }

    /// <summary>The head: all that the object is, or where its blocks lie.</summary>
    internal string Head { get; }

    /// <summary>The next head; only the holder of the object's lock writes it.</summary>
    internal string Temporary { get; }

    /// <summary>The directory of the data files.</summary>
    internal string Data { get; }

    internal static ObjectPaths Of(string objects, string name)
    {
        var path = new StringBuilder(objects);
        var parts = name.Split('/');
        for (var index = 0; index < parts.Length; index++)
        {
            var part = parts[index];
            while (part.Length > MostPartCharacters)
            {
                path.Append('/').Append(part, 0, MostPartCharacters).Append(".c");
                part = part[MostPartCharacters..];
            }

            if (index < parts.Length - 1)
            {
                path.Append('/').Append(part).Append(".f");
                continue;
            }

            var parent = path.ToString();
            return new ObjectPaths(parent, $"{parent}/{part}");
        }

        throw new InvalidOperationException("A name has at least one part.");
    }

    internal static string DataFile(string directory, Guid id) => $"{directory}/{id:N}.b";

    /// <summary>The lock that the one process which appends to a data file holds.</summary>
    internal static string AppendLock(string directory, Guid id) => $"{directory}/{id:N}.w";

    /// <summary>The data files among the names in a data directory.</summary>
    internal static IEnumerable<Guid> DataFiles(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (name.EndsWith(".b", StringComparison.Ordinal)
                && Guid.TryParseExact(name.AsSpan(0, name.Length - 2), "N", out var id))
            {
                yield return id;
            }
        }
    }

    /// <summary>One of 256 locks; objects that share one only wait for each other.</summary>
    internal static int LockNumber(string name) =>
        (int)(XxHash3.HashToUInt64(Encoding.ASCII.GetBytes(name)) & 0xFF);
}
