namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>What one command took.</summary>
/// <param name="Wall">From its start to its end.</param>
/// <param name="Processor">The processors' time that this process took for it.</param>
/// <param name="Requests">What it asked of the stores.</param>
/// <param name="PeakBytes">The most memory that the process had meanwhile.</param>
internal sealed record Measured(
    TimeSpan Wall, TimeSpan Processor, RequestWatch Requests, long PeakBytes);
