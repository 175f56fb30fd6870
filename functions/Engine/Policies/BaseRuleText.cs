namespace SnapshotFunctions.Engine.Policies;

/// <summary>A rule for the base in one word, as lists show it.</summary>
public static class BaseRuleText
{
    /// <summary>The word of the rule that moves the base only when told to.</summary>
    public const string Keep = "keep";

    /// <summary>What the word of a rule that counts forward incrementals begins with.</summary>
    public const string After = "after:";

    /// <summary>
    /// The rule: <c>newest</c>, <c>after:N</c>, <c>after:BYTES</c>, <c>keep</c>, <c>lasting</c> or
    /// <c>most-read</c>.
    /// </summary>
    public static string Of(BaseRuleSettings rule) => rule switch
    {
        { Kind: not BaseRuleSettings.AfterForwards } => rule.Kind,
        { Forwards: int.MaxValue, Bytes: 0 } => Keep,
        { Forwards: int.MaxValue } => $"{After}{ByteText.Write(rule.Bytes)}",
        { Bytes: 0 } => $"{After}{rule.Forwards}",
        _ => $"{After}{rule.Forwards},{ByteText.Write(rule.Bytes)}",
    };
}
