using System.Globalization;
using System.Text.RegularExpressions;

namespace SnapshotFunctions.Engine.Model;

/// <summary>
/// Where each object lies. Names are built and parsed only here; docs/format.md lists them. Every
/// name that an operation creates ends in that operation's number, except a shard's base, which is
/// one name for ever and is replaced only by conditional commits.
/// </summary>
public static partial class ObjectNames
{
    // Digits are spelled out: \d also takes the digits of other scripts, which no parser reads.
    private const string ShardPattern =
        @"\Amachines/(?<machine>[a-z0-9][a-z0-9-]{0,62})/disks/(?<disk>[a-z0-9][a-z0-9-]{0,62})/"
        + "(?<shard>[0-9]{6})/";

    /// <summary>Checks a machine's, snapshot's or disk's name.</summary>
    /// <exception cref="RefusedException">It is no such name.</exception>
    public static string CheckName(string kind, string name) => IsName(name)
        ? name
        : throw new RefusedException(
            "name",
            $"'{name}' is no {kind} name: expected 1 to 63 of a-z, 0-9 and '-', "
            + "beginning with a letter or digit.");

    /// <summary>Whether this text may name a machine, snapshot or disk.</summary>
    public static bool IsName(string name) => NamePattern().IsMatch(name);

    /// <summary>Checks the name of a machine file.</summary>
    /// <exception cref="RefusedException">It is no such name.</exception>
    public static string CheckFileName(string name) => IsFileName(name)
        ? name
        : throw new RefusedException(
            "name",
            $"'{name}' is no machine file's name: expected 1 to 63 of a-z, 0-9, '.' and '-', "
            + "beginning with a letter or digit.");

    /// <summary>Whether this text may name a machine file; none of them leaves its folder.</summary>
    public static bool IsFileName(string name) => FileNamePattern().IsMatch(name);

    /// <summary>The prefix of all that belongs to one machine, in either placement.</summary>
    public static string Machine(string machine) => $"machines/{machine}/";

    /// <summary>The manifest's head.</summary>
    public static string Head(string machine) => $"machines/{machine}/head.json";

    /// <summary>What stays of a machine that was deleted: the numbers that it has used.</summary>
    public static string Gone(string machine) => $"machines/{machine}/gone.json";

    /// <summary>A dated copy of the manifest's head, as one operation left it.</summary>
    public static string HeadCopy(string machine, long operation) =>
        $"machines/{machine}/heads/{operation:D12}.json";

    /// <summary>What a clone began from, as the operation that made it has written it.</summary>
    public static string Origin(string machine, long operation) =>
        $"{Origins(machine)}{operation:D12}.json";

    /// <summary>The prefix of what a clone began from.</summary>
    public static string Origins(string machine) => $"machines/{machine}/origins/";

    /// <summary>An immutable page of older versions, named by the hash of its bytes.</summary>
    public static string VersionPage(string machine, Hash256 hash) =>
        $"machines/{machine}/pages/{hash}.json";

    /// <summary>A long table of shards, named by the hash of its bytes.</summary>
    public static string ShardTable(string machine, Hash256 hash) =>
        $"machines/{machine}/tables/{hash}.bin";

    /// <summary>A machine file's bytes, as one ingest wrote them.</summary>
    public static string MachineFile(string machine, int version, long operation, int index) =>
        $"machines/{machine}/files/{version:D8}-{operation:D12}-{index:D2}";

    /// <summary>What one chunk of an operation's shards came to, until the operation closes.</summary>
    public static string OperationChunk(string machine, long operation, int chunk) =>
        $"{OperationChunks(machine, operation)}{chunk:D6}";

    /// <summary>What all names of an operation's chunks begin with; it ends in a slash.</summary>
    public static string OperationChunks(string machine, long operation) =>
        $"machines/{machine}/operations/{operation:D12}/";

    /// <summary>The base image of a shard.</summary>
    public static string Base(ShardKey shard) => $"{Shard(shard)}base";

    /// <summary>The index of a delta; it alone makes the delta exist.</summary>
    public static string DeltaIndex(ShardKey shard, DeltaKey delta) => $"{Delta(shard, delta)}.idx";

    /// <summary>The frames of a delta.</summary>
    public static string DeltaData(ShardKey shard, DeltaKey delta) => $"{Delta(shard, delta)}.dat";

    /// <summary>The data of many deltas of a machine, as one operation gathered it.</summary>
    public static string Pack(string machine, long operation, int number) =>
        $"machines/{machine}/packs/{operation:D12}-{number:D4}.pack";

    /// <summary>A merged index over the reverse deltas of 16^level versions.</summary>
    public static string MergedIndex(ShardKey shard, int level, int group, long operation) =>
        $"{Shard(shard)}merged-{level}-{group:D8}-{operation:D12}.idx";

    /// <summary>The prefix of all objects of one shard.</summary>
    public static string Shard(ShardKey shard) =>
        $"machines/{shard.Machine}/disks/{shard.Disk}/{shard.Shard:D6}/";

    /// <summary>Reads a delta's key back from the name of its index or data.</summary>
    public static bool TryParseDelta(string name, out ShardKey shard, out DeltaKey delta)
    {
        var match = DeltaPattern().Match(name);
        (shard, delta) = match.Success
            ? (Key(match), new DeltaKey(Int("from"), Int("to"), Long("op")))
            : (default, default);
        return match.Success;

        int Int(string group) =>
            int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        long Long(string group) =>
            long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a shard's key back from the name of its base.</summary>
    public static bool TryParseBase(string name, out ShardKey shard)
    {
        var match = BasePattern().Match(name);
        shard = match.Success ? Key(match) : default;
        return match.Success;
    }

    /// <summary>Reads back what a pack's name says of it.</summary>
    public static bool TryParsePack(
        string name, out string machine, out long operation, out int number)
    {
        var match = PackPattern().Match(name);
        (machine, operation, number) = match.Success
            ? (match.Groups["machine"].Value,
                long.Parse(match.Groups["op"].ValueSpan, CultureInfo.InvariantCulture),
                int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture))
            : (string.Empty, 0, 0);
        return match.Success;
    }

    /// <summary>Reads back what the name of a machine file's object says of it.</summary>
    public static bool TryParseMachineFile(
        string name, out int version, out long operation, out int index)
    {
        var match = MachineFilePattern().Match(name);
        (version, operation, index) = match.Success
            ? ((int)Number("version"), Number("op"), (int)Number("index"))
            : default;
        return match.Success;

        long Number(string group) =>
            long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    private static string Delta(ShardKey shard, DeltaKey delta) =>
        $"{Shard(shard)}{delta.From:D8}-{delta.To:D8}-{delta.Operation:D12}";

    private static ShardKey Key(Match match) => new(
        match.Groups["machine"].Value,
        match.Groups["disk"].Value,
        int.Parse(match.Groups["shard"].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,62}\z", RegexOptions.None, 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{0,62}\z", RegexOptions.None, 1000)]
    private static partial Regex FileNamePattern();

    [GeneratedRegex(
        @"\Amachines/[a-z0-9][a-z0-9-]{0,62}/files/"
        + @"(?<version>[0-9]{8})-(?<op>[0-9]{12})-(?<index>[0-9]{2})\z",
        RegexOptions.None, 1000)]
    private static partial Regex MachineFilePattern();

    [GeneratedRegex(
        ShardPattern + @"(?<from>[0-9]{8})-(?<to>[0-9]{8})-(?<op>[0-9]{12})\.(?:idx|dat)\z",
        RegexOptions.None, 1000)]
    private static partial Regex DeltaPattern();

    [GeneratedRegex(
        @"\Amachines/(?<machine>[a-z0-9][a-z0-9-]{0,62})/packs/"
        + @"(?<op>[0-9]{12})-(?<number>[0-9]{4})\.pack\z",
        RegexOptions.None, 1000)]
    private static partial Regex PackPattern();

    [GeneratedRegex(
        ShardPattern + @"base\z", RegexOptions.None, 1000)]
    private static partial Regex BasePattern();
}
