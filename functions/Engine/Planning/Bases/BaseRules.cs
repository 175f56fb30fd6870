using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Planning.Bases;

/// <summary>The rules by name.</summary>
public static class BaseRules
{
    /// <summary>The rule of a machine.</summary>
    /// <exception cref="RefusedException">There is no rule of that name.</exception>
    public static IBaseRule Of(BaseRuleSettings settings) => settings.Kind switch
    {
        BaseRuleSettings.Newest => new AfterForwardsRule(1, 0),
        BaseRuleSettings.AfterForwards =>
            new AfterForwardsRule(settings.Forwards, settings.Bytes),
        BaseRuleSettings.Lasting => new LastingRule(
            new AfterForwardsRule(settings.Forwards, settings.Bytes),
            TimeSpan.FromDays(settings.LastingDays)),
        BaseRuleSettings.MostRead => new MostReadRule(
            new AfterForwardsRule(settings.Forwards, settings.Bytes), settings.Reads),
        _ => throw new RefusedException(
            "base-rule", $"There is no base rule '{settings.Kind}': expected one of "
            + $"{string.Join(", ", BaseRuleSettings.Kinds)}."),
    };
}
