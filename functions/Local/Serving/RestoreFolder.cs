using System.Text.RegularExpressions;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Files;

namespace SnapshotFunctions.Local.Serving;

/// <summary>Where restores that are asked for over HTTP put their files: by name, never by path.</summary>
internal sealed partial class RestoreFolder(string path)
{
    /// <summary>Makes the folder when it is not there.</summary>
    public void Prepare() => Directory.CreateDirectory(path);

    /// <summary>The file of a name.</summary>
    /// <exception cref="RefusedException">"name": it could be another place's.</exception>
    public string FileOf(string name) =>
        // What is not whole yet has the suffix; a file of that name would take its place.
        Name().IsMatch(name)
        && !name.EndsWith(FileRestoreTargets.PartialSuffix, StringComparison.Ordinal)
            ? Path.Combine(path, name)
            : throw new RefusedException(
                "name",
                "A restored file's name has 1 to 100 of a to z, 0 to 9, '.' and '-', begins with a "
                + $"letter or digit and does not end in {FileRestoreTargets.PartialSuffix}.");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
