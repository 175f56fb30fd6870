namespace SnapshotFunctions.Engine.Planning.Bases;

/// <summary>
/// The newest version that is not about to expire, looked for when another rule would move the
/// base: a base that stands at a version which goes must be moved once more. It can lie before the
/// base. Where no version lasts, the newest is taken.
/// </summary>
/// <param name="when">Says when it is time.</param>
/// <param name="lasting">A version that goes within this time is about to expire.</param>
public sealed class LastingRule(IBaseRule when, TimeSpan lasting) : IBaseRule
{
    /// <inheritdoc/>
    public int Choose(BaseRuleState state)
    {
        var moved = when.Choose(state);
        if (moved == 0) return 0;
        for (var i = state.Versions.Count - 1; i >= 0; i--)
        {
            var version = state.Versions[i];
            if (version.Expiry is { } expiry && expiry - state.Now < lasting) continue;
            return version.Version == state.Standing ? 0 : version.Version;
        }
        return moved;
    }
}
