using System.Text.Json.Serialization.Metadata;

namespace SnapshotFunctions.Engine.Flows.Contract;

/// <summary>All that a flow may touch. Every member is safe to replay.</summary>
public interface IFlowContext
{
    /// <summary>The id of this run; sub-flows have ids derived from it.</summary>
    string InstanceId { get; }

    /// <summary>The time of the event being replayed or handled; equal on every replay.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Whether past events are being replayed, so that a log line is not said twice.</summary>
    bool IsReplaying { get; }

    /// <summary>
    /// Whether somebody has asked this run to end. It changes only while the flow awaits the
    /// context, and equally on every replay. A flow decides itself where it is safe to end.
    /// </summary>
    bool IsCancelRequested { get; }

    /// <summary>
    /// Runs a step; the runner repeats it after errors that may pass, and it may run more than once.
    /// </summary>
    /// <exception cref="StepFailedException">It failed for good.</exception>
    Task<TOut> RunStepAsync<TIn, TOut>(StepName<TIn, TOut> step, TIn input);

    /// <summary>Runs another flow as a part of this one; it shares this run's cancellation.</summary>
    /// <exception cref="StepFailedException">It failed for good.</exception>
    Task<TOut> RunFlowAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input);

    /// <summary>Waits for a time without computing, for hours if need be.</summary>
    Task DelayUntilAsync(DateTimeOffset time);

    /// <summary>
    /// Waits for an event raised to this run, or until a time, or until the run is asked to end
    /// while it waits; then the default value. An event that came before is taken at once.
    /// </summary>
    Task<T?> WaitForEventAsync<T>(string name, JsonTypeInfo<T> type, DateTimeOffset until);

    /// <summary>Tells how far the run has come; the last word stands.</summary>
    void Report(FlowProgress progress);
}
