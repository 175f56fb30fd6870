namespace SnapshotFunctions.Engine.Planning.Bases;

/// <summary>
/// The version that is read most, once it is read often: readers of the base need no delta. The
/// base leaves a version that is read often only for one that is read twice as much, so that two
/// which are read alike do not make it go to and fro. Where none is read often, another rule says.
/// </summary>
/// <param name="otherwise">The rule while no version is read often.</param>
/// <param name="often">On how many occasions of late such a version was read.</param>
public sealed class MostReadRule(IBaseRule otherwise, int often) : IBaseRule
{
    /// <inheritdoc/>
    public int Choose(BaseRuleState state)
    {
        var best = default(BaseCandidate);
        var atBase = 0;
        foreach (var version in state.Versions)
        {
            if (version.Version == state.Standing) atBase = version.Reads;
            // Of those read alike the newest: it lies nearest to where the base goes anyway.
            if (version.Reads > 0 && version.Reads >= best.Reads) best = version;
        }
        if (best.Reads < often) return otherwise.Choose(state);
        if (best.Version == state.Standing) return 0;
        return atBase >= often && best.Reads < 2 * atBase ? 0 : best.Version;
    }
}
