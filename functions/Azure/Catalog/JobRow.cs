namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>One job in the table <c>jobs</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Flow">The flow's name.</param>
/// <param name="Machine">The machine it is about; null for none.</param>
/// <param name="State"><c>pending</c>, <c>running</c>, <c>completed</c>, <c>failed</c> or
/// <c>cancelled</c>.</param>
/// <param name="Started">When it was asked for; with the id, it names the row.</param>
/// <param name="Ended">When it ended; null before.</param>
/// <param name="Output">The flow's result as JSON; null unless completed.</param>
/// <param name="ErrorCode">Why it failed, for programs.</param>
/// <param name="ErrorMessage">Why it failed, for people.</param>
public sealed record JobRow(
    string Id, string Flow, string? Machine, string State, DateTimeOffset Started,
    DateTimeOffset? Ended = null, string? Output = null, string? ErrorCode = null,
    string? ErrorMessage = null)
{
    /// <summary>Whether it has ended: then its row does not change any more.</summary>
    public bool HasEnded => State is "completed" or "failed" or "cancelled";
}
