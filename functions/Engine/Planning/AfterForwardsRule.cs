namespace SnapshotFunctions.Engine.Planning;

/// <summary>
/// The newest version, once so many versions lie after the base; with 1, after every snapshot.
/// </summary>
/// <param name="least">How many versions must lie after the base; 1 or more.</param>
public sealed class AfterForwardsRule(int least) : IBaseRule
{
    /// <inheritdoc/>
    public int Choose(int newest, int forwards) => forwards >= least ? newest : 0;
}
