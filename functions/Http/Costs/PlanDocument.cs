using SnapshotFunctions.Engine.Costs;

namespace SnapshotFunctions.Http.Costs;

/// <summary>What a job would use, cost and wait for, asked before it is started.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Action">The flow that the job would run.</param>
/// <param name="Usage">What would be billed.</param>
/// <param name="WaitSeconds">How long it would wait for archived bytes at the longest.</param>
/// <param name="TargetBytes">Bytes that a restore would write to its target.</param>
/// <param name="IsEstimate">Whether the figures are an estimate.</param>
/// <param name="MarginPercent">By how much of them they may be wrong; 0 for exact ones.</param>
/// <param name="IsUpperBound">Whether the bytes are a bound that is seldom reached.</param>
/// <param name="Notes">What else there is to know.</param>
/// <param name="PlanRequests">Requests that planning itself has made of the stores.</param>
/// <param name="Prices">The price table.</param>
public sealed record PlanDocument(
    string Machine, string Action, UsageDocument Usage, long WaitSeconds, long TargetBytes,
    bool IsEstimate, int MarginPercent, bool IsUpperBound, IReadOnlyList<string> Notes,
    long PlanRequests, PricesDocument Prices)
{
    /// <summary>The document of a plan.</summary>
    public static PlanDocument Of(Plan plan, PriceTable prices) => new(
        plan.Machine, plan.Action, UsageDocument.Of(plan.Usage, prices),
        (long)plan.Wait.TotalSeconds, plan.TargetBytes, plan.IsEstimate, plan.MarginPercent,
        plan.IsUpperBound, plan.Notes, plan.Requests, PricesDocument.Of(prices));
}
