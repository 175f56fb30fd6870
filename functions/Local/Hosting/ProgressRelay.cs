using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>Hands a runner's reports to whoever shows them just now.</summary>
internal sealed class ProgressRelay : IProgress<(string InstanceId, FlowProgress Progress)>
{
    private Action<string, FlowProgress>? _target;

    /// <summary>Shows reports from now on; null for nobody.</summary>
    public void Show(Action<string, FlowProgress>? target) => Volatile.Write(ref _target, target);

    /// <inheritdoc/>
    public void Report((string InstanceId, FlowProgress Progress) value) =>
        Volatile.Read(ref _target)?.Invoke(value.InstanceId, value.Progress);
}
