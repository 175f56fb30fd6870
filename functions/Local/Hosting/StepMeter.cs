using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// Sums what the running steps of this process tell of their bytes, so that a bar moves within a
/// shard of 8 GiB and not only from one to the next.
/// </summary>
internal sealed class StepMeter(ProgressRelay relay) : IProgress<StepProgress>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ShardKey, (long Done, long Total)> _shards = [];
    private string _phase = string.Empty;

    /// <inheritdoc/>
    public void Report(StepProgress value)
    {
        FlowProgress sum;
        lock (_lock)
        {
            if (!string.Equals(_phase, value.Phase, StringComparison.Ordinal)) _shards.Clear();
            _phase = value.Phase;
            _shards[value.Shard] = (value.DoneBytes, value.TotalBytes);
            sum = new FlowProgress(
                value.Phase, _shards.Values.Sum(s => s.Done), _shards.Values.Sum(s => s.Total),
                "bytes");
        }
        relay.Report(("steps", sum));
    }
}
