using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Planning;

/// <summary>The rules by name. Richer policies plug in here.</summary>
public static class BaseRules
{
    /// <summary>The rule of a machine.</summary>
    /// <exception cref="RefusedException">There is no rule of that name.</exception>
    public static IBaseRule Of(BaseRuleSettings settings) => settings.Kind switch
    {
        BaseRuleSettings.Newest => new AfterForwardsRule(1),
        BaseRuleSettings.AfterForwards => new AfterForwardsRule(settings.Forwards),
        _ => throw new RefusedException(
            "base-rule", $"There is no base rule '{settings.Kind}': expected "
            + $"'{BaseRuleSettings.Newest}' or '{BaseRuleSettings.AfterForwards}'."),
    };
}
