using System.Diagnostics;
using System.Diagnostics.Metrics;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Serving;

/// <summary>What a serving process measures, for any listener of the runtime's metrics.</summary>
internal sealed class ServeMetrics : IJobEvents, IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "SnapshotFunctions";

    private readonly Counter<long> _requests;
    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;
    private readonly Counter<long> _started;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _waits;

    /// <summary>Makes the instruments.</summary>
    public ServeMetrics()
    {
        _requests = Meter.CreateCounter<long>(
            "snapshots.http.requests", "{request}", "Requests that were answered.");
        _active = Meter.CreateUpDownCounter<long>(
            "snapshots.http.active_requests", "{request}", "Requests being answered.");
        _durations = Meter.CreateHistogram<double>(
            "snapshots.http.duration", "s", "How long requests took.");
        _sent = Meter.CreateCounter<long>(
            "snapshots.http.sent", "By", "Bytes of answers' bodies.");
        _received = Meter.CreateCounter<long>(
            "snapshots.http.uploaded", "By", "Bytes of the bodies of PUT requests.");
        _started = Meter.CreateCounter<long>(
            "snapshots.jobs.started", "{job}", "Jobs that were asked for.");
        _ended = Meter.CreateCounter<long>(
            "snapshots.jobs.ended", "{job}", "Jobs that came to an end.");
        _waits = Meter.CreateHistogram<double>(
            "snapshots.jobs.queue_wait", "s", "How long jobs waited before they were begun.");
    }

    /// <summary>The meter.</summary>
    public Meter Meter { get; } = new(MeterName);

    /// <summary>A request has come.</summary>
    public void RequestBegun() => _active.Add(1);

    /// <summary>A request is over.</summary>
    public void RequestEnded(
        string method, string route, int status, long receivedBytes, long sentBytes,
        TimeSpan elapsed)
    {
        var tags = new TagList { { "method", method }, { "route", route }, { "status", status } };
        _requests.Add(1, tags);
        _durations.Record(elapsed.TotalSeconds, tags);
        if (sentBytes > 0) _sent.Add(sentBytes, new KeyValuePair<string, object?>("route", route));
        if (receivedBytes > 0 && method is "PUT")
            _received.Add(receivedBytes, new KeyValuePair<string, object?>("route", route));
        // Last: who sees that none is under way finds all of them counted.
        _active.Add(-1);
    }

    /// <inheritdoc/>
    public void Started(string flow) => _started.Add(1, Flow(flow));

    /// <inheritdoc/>
    public void Begun(string flow, TimeSpan waited) =>
        _waits.Record(waited.TotalSeconds, Flow(flow));

    /// <inheritdoc/>
    public void Ended(string flow, JobState state) => _ended.Add(
        1, Flow(flow),
        new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()));

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private static KeyValuePair<string, object?> Flow(string flow) => new("flow", flow);
}
