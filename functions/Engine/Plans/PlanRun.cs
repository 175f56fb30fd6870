using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Plans;

/// <summary>
/// One plan's engine, over stores of its own: what one flow would leave is what the next one finds.
/// </summary>
public sealed class PlanRun
{
    private readonly PlannedStore _base;
    private readonly PlannedStore _delta;
    private readonly PlannerParts _parts;
    private readonly PlanContext _context;
    private long _hurriedBytes;

    internal PlanRun(PlannerParts parts, bool readsBytes, CancellationToken cancellation)
    {
        _parts = parts;
        Clock = new PlanClock(parts.Time);
        _base = new PlannedStore(parts.Base, parts.Prices, Clock, OnlineAfter);
        _delta = new PlannedStore(parts.Delta, parts.Prices, Clock, OnlineAfter);
        var (inBase, inDelta) = readsBytes
            ? (_base.WithBytes, _delta.WithBytes) : ((IObjectStore)_base, _delta);
        var options = parts.Options with { Meter = null };
        Manifests = new ManifestStore(
            inBase, inDelta, parts.Manifests, Clock, parts.IsOwnerGone);
        var services = new StepServices(
            inBase, inDelta, Manifests, parts.Sources, Clock, options);
        _context = new PlanContext(
            "plan", Flows(options).ToDictionary(f => f.Name, StringComparer.Ordinal),
            Steps(services).ToDictionary(s => s.Name, StringComparer.Ordinal), Clock,
            cancellation);
    }

    /// <summary>The manifests as the flows that were planned so far would leave them.</summary>
    public ManifestStore Manifests { get; }

    internal UsageMeter Meter { get; } = new();

    internal PlanClock Clock { get; }

    internal PlanTargets Targets { get; } = new();

    internal long Requests => _base.Requests + _delta.Requests;

    /// <summary>Runs a flow without changing anything.</summary>
    public Task<TOut> RunAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input) =>
        UsageMeter.RunAsync(Meter, () => _context.RunFlowAsync(flow, input));

    private static IEnumerable<Flow> Flows(EngineOptions options) =>
    [
        .. EngineParts.Flows(options), .. RestoreParts.Flows(options),
        .. CheckParts.Flows(options), .. UpkeepParts.Flows(),
    ];

    private IEnumerable<Step> Steps(StepServices services) =>
    [
        .. EngineParts.Steps(services), .. RestoreParts.Steps(services, Targets),
        .. CheckParts.Steps(services), .. UpkeepParts.Steps(services),
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
