using System.Diagnostics;

namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>
/// How many requests of some kind were under way at once. The mean is over the time from the first
/// one's beginning to the last one's end, pauses between them counted.
/// </summary>
internal sealed class InFlight
{
    private long _first;
    private long _last;
    private double _area;
    private int _now;

    /// <summary>Most at once.</summary>
    public int Most { get; private set; }

    /// <summary>The mean; 0 where there were none.</summary>
    public double Mean => _last == _first ? 0 : _area / (_last - _first);

    /// <summary>One begins, or ends; the caller keeps others out meanwhile.</summary>
    public void Add(int change)
    {
        var at = Stopwatch.GetTimestamp();
        if (_first == 0) _first = _last = at;
        _area += (double)_now * (at - _last);
        _last = at;
        _now += change;
        Most = Math.Max(Most, _now);
    }
}
