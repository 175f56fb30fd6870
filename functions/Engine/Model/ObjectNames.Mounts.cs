using System.Text.RegularExpressions;

namespace SnapshotFunctions.Engine.Model;

/// <content>Writable mounts: what is written over a version.</content>
public static partial class ObjectNames
{
    /// <summary>What all names of a machine's mounts begin with; it ends in a slash.</summary>
    public static string Mounts(string machine) => $"machines/{machine}/mounts/";

    /// <summary>What all names of one mount begin with; it ends in a slash.</summary>
    public static string Mount(string machine, string id) => $"{Mounts(machine)}{id}/";

    /// <summary>A mount's record; it alone makes the mount exist.</summary>
    public static string MountRecord(string machine, string id) =>
        $"{Mount(machine, id)}mount.json";

    /// <summary>What was written to one chunk of a mount's disk.</summary>
    public static string MountChunk(string machine, string id, string disk, long chunk) =>
        $"{MountDisk(machine, id, disk)}{chunk:D10}";

    /// <summary>What all names of chunks of a mount's disk begin with; it ends in a slash.</summary>
    public static string MountDisk(string machine, string id, string disk) =>
        $"{Mount(machine, id)}disks/{disk}/";

    /// <summary>A thousand chunks' names begin with this: one listing tells of all of them.</summary>
    public static string MountChunks(string machine, string id, string disk, long thousand) =>
        $"{MountDisk(machine, id, disk)}{thousand:D7}";

    /// <summary>Which chunks a commit of a mount takes, as one try of it found them.</summary>
    public static string MountSeal(string machine, string id, string seal) =>
        $"{Mount(machine, id)}seals/{seal}.json";

    /// <summary>The same of one shard of a disk, named by the hash of its bytes.</summary>
    public static string MountSealPart(string machine, string id, Hash256 hash) =>
        $"{Mount(machine, id)}seals/{hash}.json";

    /// <summary>Whether this may name a mount.</summary>
    public static bool IsMount(string id) => MountIdPattern().IsMatch(id);

    /// <summary>Reads back which mount an object is of.</summary>
    public static bool TryParseMount(string name, out string machine, out string id)
    {
        var match = MountPattern().Match(name);
        (machine, id) = match.Success
            ? (match.Groups["machine"].Value, match.Groups["id"].Value)
            : (string.Empty, string.Empty);
        return match.Success;
    }

    /// <summary>The number of a chunk, from the name of its object.</summary>
    public static bool TryParseMountChunk(string name, out long chunk)
    {
        chunk = 0;
        var digits = name.AsSpan(name.LastIndexOf('/') + 1);
        return digits.Length == 10 && !digits.ContainsAnyExceptInRange('0', '9')
            && long.TryParse(digits, out chunk);
    }

    [GeneratedRegex(@"\A[0-9a-f]{16}\z", RegexOptions.None, 1000)]
    private static partial Regex MountIdPattern();

    [GeneratedRegex(
        @"\Amachines/(?<machine>[a-z0-9][a-z0-9-]{0,62})/mounts/(?<id>[0-9a-f]{16})/.",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MountPattern();
}
