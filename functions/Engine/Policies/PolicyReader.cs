using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Policies;

/// <summary>Reads the members of a policy's document, each by what it must be.</summary>
/// <param name="place">Where it comes from, for messages.</param>
internal sealed class PolicyReader(string place)
{
    private const int MostShown = 60;
    private const int SecondsOfHour = 3600;
    private const int SecondsOfDay = 86_400;

    /// <summary>The policy that a document says.</summary>
    public MachinePolicy Read(JsonElement root)
    {
        var members = Members(
            root, "", "base", "keep", "ladder", "placement", "rehydration", "verify", "grace");
        return new MachinePolicy(
            members.TryGetValue("base", out var rule) ? BaseOf(rule) : BaseRuleSettings.Default,
            members.TryGetValue("grace", out var grace)
                ? (int)Whole(grace, "grace", 1, "seconds", int.MaxValue)
                : MachinePolicy.Default.GraceSeconds)
        {
            Keep = members.TryGetValue("keep", out var keep) ? KeepOf(keep) : null,
            Ladder = members.TryGetValue("ladder", out var ladder) ? LadderOf(ladder) : null,
            Placement = members.TryGetValue("placement", out var at) ? PlacementOf(at) : null,
            Rehydration = members.TryGetValue("rehydration", out var way)
                ? RehydrationOf(way) : null,
            Verify = members.TryGetValue("verify", out var verify) ? VerifyOf(verify) : null,
        };
    }

    private BaseRuleSettings BaseOf(JsonElement element)
    {
        var members = Members(element, "base", "kind", "forwards", "bytes", "for", "reads");
        var kind = OneOf(
            Needed(members, "base", "kind"), "base.kind",
            [.. BaseRuleSettings.Kinds, BaseRuleText.Keep]);
        foreach (var name in members.Keys)
            if (name is not "kind" && !Takes(kind, name))
                throw Fault($"base.{name}", $"nothing, with the kind '{kind}'", "it");
        if (kind is BaseRuleText.Keep) return BaseRuleSettings.Keep;
        var bytes = members.TryGetValue("bytes", out var amount) ? Amount(amount, "base.bytes") : 0;
        if (kind is BaseRuleSettings.AfterForwards && members.Count == 1)
            throw Fault("base", "'forwards' or 'bytes' with this kind", "neither");
        var forwards = members.TryGetValue("forwards", out var count)
            ? Count(count, "base.forwards") : bytes > 0 ? int.MaxValue : 1;
        return new BaseRuleSettings(kind, forwards)
        {
            Bytes = bytes,
            LastingDays = kind is not BaseRuleSettings.Lasting ? 0
                : (int)Whole(
                    Needed(members, "base", "for"), "base.for", SecondsOfDay, "days", int.MaxValue),
            Reads = kind is not BaseRuleSettings.MostRead ? 0
                : Count(Needed(members, "base", "reads"), "base.reads"),
        };
    }

    private static bool Takes(string kind, string member) => kind switch
    {
        BaseRuleSettings.AfterForwards => member is "forwards" or "bytes",
        BaseRuleSettings.Lasting => member is "forwards" or "bytes" or "for",
        BaseRuleSettings.MostRead => member is "forwards" or "bytes" or "reads",
        _ => false,
    };

    private KeepSettings KeepOf(JsonElement element)
    {
        var members = Members(
            element, "keep", "last", "hourly", "daily", "weekly", "monthly", "yearly", "within");
        return new KeepSettings
        {
            Last = Of("last"),
            Hourly = Of("hourly"),
            Daily = Of("daily"),
            Weekly = Of("weekly"),
            Monthly = Of("monthly"),
            Yearly = Of("yearly"),
            WithinSeconds = members.TryGetValue("within", out var within)
                ? Whole(within, "keep.within", 1, "seconds", long.MaxValue) : 0,
        };

        int Of(string name) =>
            members.TryGetValue(name, out var count) ? Count(count, $"keep.{name}") : 0;
    }

    private List<LadderRung> LadderOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Fault("ladder", "a list of rungs", Shown(element));
        var rungs = new List<LadderRung>();
        foreach (var rung in element.EnumerateArray())
        {
            var at = $"ladder[{rungs.Count}]";
            var members = Members(rung, at, "after", "tier");
            rungs.Add(new LadderRung(
                (int)Whole(
                    Needed(members, at, "after"), $"{at}.after", SecondsOfDay, "days", int.MaxValue),
                Word<StorageTier>(Needed(members, at, "tier"), $"{at}.tier")));
        }
        return rungs;
    }

    private PlacementSettings PlacementOf(JsonElement element)
    {
        var members = Members(element, "placement", "base", "deltas");
        return new PlacementSettings(
            Word<StorageTier>(Needed(members, "placement", "base"), "placement.base"),
            Word<StorageTier>(Needed(members, "placement", "deltas"), "placement.deltas"));
    }

    private RehydrationSettings RehydrationOf(JsonElement element)
    {
        var members = Members(element, "rehydration", "way", "priority");
        return new RehydrationSettings(
            OneOf(
                Needed(members, "rehydration", "way"), "rehydration.way",
                [RehydrationSettings.Copy, RehydrationSettings.Tier]),
            members.TryGetValue("priority", out var priority)
                ? Word<RehydrationPriority>(priority, "rehydration.priority")
                : RehydrationPriority.Standard);
    }

    private VerifySettings VerifyOf(JsonElement element)
    {
        var members = Members(element, "verify", "quick", "readAll");
        return new VerifySettings(
            members.TryGetValue("quick", out var quick)
                ? (int)Whole(quick, "verify.quick", SecondsOfHour, "hours", int.MaxValue) : 0,
            members.TryGetValue("readAll", out var all)
                ? (int)Whole(all, "verify.readAll", SecondsOfDay, "days", int.MaxValue) : 0);
    }

    private Dictionary<string, JsonElement> Members(
        JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        var at = path.Length == 0 ? "the document" : path;
        if (element.ValueKind != JsonValueKind.Object) throw Fault(at, "an object", Shown(element));
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                throw Fault(
                    at, $"only {string.Join(", ", known.ToArray())}",
                    $"'{Cut(member.Name)}'");
            members.Add(member.Name, member.Value);
        }
        return members;
    }

    private JsonElement Needed(
        Dictionary<string, JsonElement> members, string path, string name) =>
        members.TryGetValue(name, out var value)
            ? value : throw Fault(path, $"a member '{name}'", "none");

    private int Count(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count)
            ? count : throw Fault(path, "a whole number", Shown(value));

    private long Amount(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String && ByteText.Parse(value.GetString()!) is { } bytes
            ? bytes : throw Fault(path, ByteText.Form, Shown(value));

    /// <summary>A duration in whole units of so many seconds.</summary>
    private long Whole(JsonElement value, string path, int unit, string units, long most)
    {
        if (value.ValueKind != JsonValueKind.String
            || DurationText.Parse(value.GetString()!) is not { } seconds)
            throw Fault(path, DurationText.Form, Shown(value));
        return seconds % unit == 0 && seconds / unit <= most
            ? seconds / unit : throw Fault(path, $"whole {units}, not too many", Shown(value));
    }

    private T Word<T>(JsonElement value, string path)
        where T : struct, Enum
    {
        var word = OneOf(
            value, path, [.. Enum.GetValues<T>().Select(PolicyDocument.Word)]);
        return Enum.GetValues<T>().First(v => string.Equals(
            PolicyDocument.Word(v), word, StringComparison.Ordinal));
    }

    private string OneOf(JsonElement value, string path, IReadOnlyList<string> words) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } word
            && words.Contains(word, StringComparer.Ordinal)
            ? word : throw Fault(path, $"one of {string.Join(", ", words)}", Shown(value));

    private RefusedException Fault(string path, string expected, string found) =>
        PolicyCodec.Refused(place, path, expected, found);

    private static string Shown(JsonElement value) => Cut(value.GetRawText());

    private static string Cut(string text) =>
        text.Length <= MostShown ? text : $"{text[..MostShown]}...";
}
