namespace SnapshotFunctions.Engine.Costs;

/// <summary>What some work would use and cost, asked before it is done; nothing was changed.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Action">What was planned: the flow's name.</param>
/// <param name="Usage">What would be billed, and what the tiers would hold more or less.</param>
/// <param name="Wait">How long it would wait for archived bytes at the longest.</param>
/// <param name="TargetBytes">Bytes that a restore would write to its target.</param>
/// <param name="MarginPercent">
/// By how much of them what is really used may differ in operations and in bytes; 0: it is exact
/// for a process that has nothing of the machine in memory yet. A process that has uses less.
/// </param>
/// <param name="IsUpperBound">Whether the bytes are a bound that is seldom reached.</param>
/// <param name="Notes">What else there is to know, a sentence each.</param>
/// <param name="Requests">Requests that planning itself has made of the stores.</param>
public sealed record Plan(
    string Machine, string Action, Usage Usage, TimeSpan Wait, long TargetBytes,
    int MarginPercent, bool IsUpperBound, IReadOnlyList<string> Notes, long Requests)
{
    /// <summary>Whether it is an estimate.</summary>
    public bool IsEstimate => MarginPercent > 0 || IsUpperBound;
}
