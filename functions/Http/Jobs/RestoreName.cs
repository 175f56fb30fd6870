using System.Text.RegularExpressions;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>Checks what a restore names.</summary>
internal static partial class RestoreName
{
    // A file that is being written is named so; a finished one must not be taken for it.
    private const string Unfinished = ".partial";

    /// <summary>Checks the name of a restored file.</summary>
    public static void Check(string target)
    {
        if (!Pattern().IsMatch(target) || target.EndsWith(Unfinished, StringComparison.Ordinal))
            throw ApiCall.Refused(
                "target",
                "a file name: 1 to 100 of a-z, 0-9, '.' and '-', a letter or digit first, not "
                + $"ending in {Unfinished}", target);
    }

    /// <summary>Checks that a version has the disk that is named, or only one.</summary>
    public static void CheckDisk(string machine, VersionRecord version, string? disk)
    {
        var names = string.Join(", ", version.Disks.Select(d => d.Name));
        if (disk is null)
        {
            if (version.Disks.Count == 1) return;
            throw ApiCall.Refused("disk", $"one of {names}", "nothing");
        }
        if (!version.Disks.Any(d => string.Equals(d.Name, disk, StringComparison.Ordinal)))
            throw new NoSuchException(
                $"disk '{disk}' in version {version.Number} of '{machine}'", $"It has {names}.");
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{0,99}\z", RegexOptions.None, 1000)]
    private static partial Regex Pattern();
}
