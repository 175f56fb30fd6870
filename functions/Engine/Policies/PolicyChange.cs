namespace SnapshotFunctions.Engine.Policies;

/// <summary>One thing that a new policy says otherwise.</summary>
/// <param name="Path">Where in the document: <c>keep.daily</c>, <c>ladder</c>.</param>
/// <param name="Before">What it was; absent where nothing was said.</param>
/// <param name="After">What it is; absent where nothing is said.</param>
public sealed record PolicyChange(string Path, string? Before, string? After)
{
    /// <summary>What one policy says otherwise than another, in the document's order.</summary>
    public static IReadOnlyList<PolicyChange> Between(MachinePolicy before, MachinePolicy after)
    {
        var (old, now) = (Lines(before), Lines(after));
        return
        [
            .. old.Select(l => l.Path).Union(now.Select(l => l.Path), StringComparer.Ordinal)
                .Select(p => new PolicyChange(p, Find(old, p), Find(now, p)))
                .Where(c => !string.Equals(c.Before, c.After, StringComparison.Ordinal)),
        ];
    }

    /// <summary>The change in words.</summary>
    public override string ToString() =>
        $"{Path}: {Before ?? "nothing"} -> {After ?? "nothing"}";

    private static string? Find(List<(string Path, string Value)> lines, string path)
    {
        foreach (var line in lines)
            if (string.Equals(line.Path, path, StringComparison.Ordinal)) return line.Value;
        return null;
    }

    private static List<(string Path, string Value)> Lines(MachinePolicy policy)
    {
        var document = PolicyDocument.Of(policy);
        var lines = new List<(string, string?)>
        {
            ("base.kind", document.Base!.Kind), ("base.forwards", Text(document.Base.Forwards)),
            ("base.bytes", document.Base.Bytes), ("base.for", document.Base.For),
            ("base.reads", Text(document.Base.Reads)),
            ("keep", document.Keep is null || policy.Keep!.KeepsAll ? "all" : null),
            ("keep.last", Text(document.Keep?.Last)), ("keep.hourly", Text(document.Keep?.Hourly)),
            ("keep.daily", Text(document.Keep?.Daily)),
            ("keep.weekly", Text(document.Keep?.Weekly)),
            ("keep.monthly", Text(document.Keep?.Monthly)),
            ("keep.yearly", Text(document.Keep?.Yearly)), ("keep.within", document.Keep?.Within),
            ("ladder", document.Ladder is { Count: > 0 } ladder
                ? string.Join(", ", ladder.Select(r => $"{r.Tier} after {r.After}")) : null),
            ("placement.base", document.Placement?.Base),
            ("placement.deltas", document.Placement?.Deltas),
            ("rehydration.way", document.Rehydration?.Way),
            ("rehydration.priority", document.Rehydration?.Priority),
            ("verify.quick", document.Verify?.Quick), ("verify.readAll", document.Verify?.ReadAll),
            ("grace", document.Grace),
        };
        return [.. lines.Where(l => l.Item2 is not null).Select(l => (l.Item1, l.Item2!))];
    }

    private static string? Text(int? number) =>
        number?.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
