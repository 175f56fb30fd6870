using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.SimulationTests.Stalls;

/// <summary>A step that remembers what it was asked for, so that it can be asked again later.</summary>
internal sealed class RecordingStep(
    Step inner, ConcurrentQueue<(Step Step, string Input)> log) : Step
{
    public override string Name => inner.Name;

    public override Task<string> RunJsonAsync(string input, CancellationToken cancellation)
    {
        log.Enqueue((inner, input));
        return inner.RunJsonAsync(input, cancellation);
    }
}
