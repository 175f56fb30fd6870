using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Upkeep;

namespace SnapshotFunctions.Engine.Plans;

/// <summary>
/// Plans flows before they are run: the flow itself runs over stores that keep in memory what
/// would be written and only count what would be read of the bulk, so that no rule of the engine
/// is told twice. Nothing is written; manifests and indexes are read.
/// </summary>
public sealed class Planner(PlannerParts parts)
{
    private const string Archived = "object-archived";
    private const string RefusedArchived = "refused-archived";

    /// <summary>The price table that plans are made with.</summary>
    public PriceTable Prices => parts.Prices;

    /// <summary>Plans a flow.</summary>
    /// <exception cref="NoSuchException">The flow cannot be planned.</exception>
    /// <exception cref="SnapshotException">The flow would fail so.</exception>
    public async Task<Plan> PlanAsync<TIn, TOut>(
        FlowName<TIn, TOut> flow, TIn input, string machine,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(flow);
        var traits = PlanTraits.Of(flow.Name);
        var notes = new List<string>(traits.Notes);
        var whole = Whole(input, notes);
        var run = new PlanRun(parts, traits.ReadsBytes, cancellation);
        try
        {
            await run.RunAsync(flow, whole);
        }
        catch (StepFailedException archived) when (
            archived.Code is Archived or RefusedArchived
            && input is RestoreInput { Rehydrate: null } restore)
        {
            run = new PlanRun(parts, traits.ReadsBytes, cancellation);
            notes.Add(
                "Archived bytes are brought back first: the restore must be asked to do that.");
            await run.RunAsync(
                RestoreNames.Restore, restore with { Rehydrate = RehydrationWish.Usual });
        }
        return PlanOf(
            run, machine, flow.Name, traits.MarginPercent, traits.IsUpperBound, notes);
    }

    /// <summary>Plans several flows that a command runs one after the other, as one action.</summary>
    /// <param name="action">What they are together.</param>
    /// <param name="flows">The names of the flows that may be run.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="work">Runs them; each finds what those before it would leave.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task<Plan> PlanAsync(
        string action, IReadOnlyList<string> flows, string machine, Func<PlanRun, Task> work,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(flows);
        ArgumentNullException.ThrowIfNull(work);
        var traits = flows.Select(PlanTraits.Of).ToList();
        var run = new PlanRun(parts, traits.Exists(t => t.ReadsBytes), cancellation);
        await work(run);
        return PlanOf(
            run, machine, action, traits.Max(t => t.MarginPercent),
            traits.Exists(t => t.IsUpperBound),
            [.. traits.SelectMany(t => t.Notes).Distinct(StringComparer.Ordinal)]);
    }

    private static Plan PlanOf(
        PlanRun run, string machine, string action, int marginPercent, bool isUpperBound,
        List<string> notes)
    {
        if (run.Clock.Waited > TimeSpan.Zero)
            notes.Add("The wait is the longest that the price table tells of.");
        return new Plan(
            machine, action, run.Meter.Read(), run.Clock.Waited, run.Targets.WrittenBytes,
            marginPercent, isUpperBound, notes, run.Requests);
    }

    /// <summary>
    /// What is planned of work that does the rest later, or that depends on what only the work
    /// itself finds.
    /// </summary>
    private static TIn Whole<TIn>(TIn input, List<string> notes)
    {
        switch (input)
        {
            case PurgeInput { AtOnce: false, Cancel: false } purge:
                notes.Add(
                    "The machine is only marked at first; this is what its deletion uses once the "
                    + "grace period is over. Early deletion is reckoned as of now: it is less by "
                    + "the time that has passed until then.");
                return (TIn)(object)(purge with { AtOnce = true });
            case UpkeepInput { Repair: true } upkeep:
                notes.Add("What a repair would take is known only when damage has been found.");
                return (TIn)(object)(upkeep with { Repair = false });
            default:
                return input;
        }
    }
}
