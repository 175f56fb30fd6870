using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Local.Runner;

/// <summary>A call of a flow that has not ended.</summary>
internal sealed class FlowCall(
    string id, FlowScope scope, CallKind kind, string name, string input, DateTimeOffset due)
{
    /// <summary>The sequence number behind those of the enclosing sub-flows: <c>3:1</c>.</summary>
    public string Id => id;

    /// <summary>The flow or sub-flow that made the call.</summary>
    public FlowScope Scope => scope;

    public CallKind Kind => kind;

    public string Name => name;

    public string Input => input;

    /// <summary>When a delay has passed, or a wait ends without its event.</summary>
    public DateTimeOffset Due => due;

    /// <summary>
    /// What the flow awaits. It is completed on the pump, and continuations run inline there: were
    /// they forced to run asynchronously, WhenAll and WhenAny would hop to the thread pool.
    /// </summary>
    public TaskCompletionSource<string?> Result { get; } = new();

    /// <summary>Ends the call, with an error or a result; runs what awaits it.</summary>
    public void Settle(JournalEvent news)
    {
        if (news.ErrorCode is { } code)
            Result.SetException(new StepFailedException(name, code, news.ErrorMessage ?? code));
        else
            Result.SetResult(news.Value);
    }
}
