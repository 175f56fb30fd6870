namespace SnapshotFunctions.Engine.Planning.Bases;

/// <summary>
/// The newest version, once so many versions lie after the base, or so many bytes of them; with 1,
/// after every snapshot.
/// </summary>
/// <param name="least">How many versions must lie after the base; 1 or more.</param>
/// <param name="bytes">How many bytes of them are as good; 0: bytes do not count.</param>
public sealed class AfterForwardsRule(int least, long bytes) : IBaseRule
{
    /// <inheritdoc/>
    public int Choose(BaseRuleState state) =>
        state.Forwards >= least
        || (bytes > 0 && state.Forwards > 0 && state.ForwardBytes >= bytes) ? state.Newest : 0;
}
