using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

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
        var run = new Run(parts, cancellation);
        var notes = new List<string>(traits.Notes);
        await UsageMeter.RunAsync(run.Meter, async () =>
        {
            try
            {
                return await run.RunAsync(flow, input);
            }
            catch (StepFailedException archived) when (
                archived.Code is Archived or RefusedArchived
                && input is RestoreInput { Rehydrate: null } restore)
            {
                run = new Run(parts, cancellation);
                notes.Add(
                    "Archived bytes are brought back first: the restore must be asked to do that.");
                return await UsageMeter.RunAsync(run.Meter, () => run.RunAsync(
                    RestoreNames.Restore, restore with { Rehydrate = RehydrationWish.Usual }));
            }
        });
        if (run.Clock.Waited > TimeSpan.Zero)
            notes.Add("The wait is the longest that the price table tells of.");
        return new Plan(
            machine, flow.Name, run.Meter.Read(), run.Clock.Waited, run.Targets.WrittenBytes,
            traits.MarginPercent, traits.IsUpperBound, notes, run.Requests);
    }

    /// <summary>One plan's engine, over stores of its own.</summary>
    private sealed class Run
    {
        private readonly PlannedStore _base;
        private readonly PlannedStore _delta;
        private readonly PlannerParts _parts;
        private readonly PlanContext _context;
        private long _hurriedBytes;

        public Run(PlannerParts parts, CancellationToken cancellation)
        {
            _parts = parts;
            Clock = new PlanClock(parts.Time);
            _base = new PlannedStore(parts.Base, parts.Prices, Clock, OnlineAfter);
            _delta = new PlannedStore(parts.Delta, parts.Prices, Clock, OnlineAfter);
            var options = parts.Options with { Meter = null };
            var manifests = new ManifestStore(
                _base, _delta, parts.Manifests, Clock, parts.IsOwnerGone);
            var services = new StepServices(
                _base, _delta, manifests, parts.Sources, Clock, options);
            _context = new PlanContext(
                "plan", Flows(options).ToDictionary(f => f.Name, StringComparer.Ordinal),
                Steps(services).ToDictionary(s => s.Name, StringComparer.Ordinal), Clock,
                cancellation);
        }

        public UsageMeter Meter { get; } = new();

        public PlanClock Clock { get; }

        public PlanTargets Targets { get; } = new();

        public long Requests => _base.Requests + _delta.Requests;

        public async Task<bool> RunAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
        {
            await _context.RunFlowAsync(flow, input);
            return true;
        }

        private static IEnumerable<Flow> Flows(EngineOptions options) =>
        [
            .. EngineParts.Flows(options), .. RestoreParts.Flows(options),
            .. CheckParts.Flows(options),
        ];

        private IEnumerable<Step> Steps(StepServices services) =>
        [
            .. EngineParts.Steps(services), .. RestoreParts.Steps(services, Targets),
            .. CheckParts.Steps(services),
        ];

        /// <summary>An account brings back so much an hour with High priority, in one row.</summary>
        private TimeSpan OnlineAfter(long bytes, RehydrationPriority priority)
        {
            if (priority != RehydrationPriority.High)
                return TimeSpan.FromHours(_parts.Prices.Standard.MostHours);
            var all = Interlocked.Add(ref _hurriedBytes, bytes);
            var hourly = _parts.Prices.High.MostGbHour * PriceTable.BytesOfGb;
            var hours = hourly <= 0 ? 1 : Math.Max(1, Math.Ceiling(all / hourly));
            return TimeSpan.FromHours((double)hours);
        }
    }
}
