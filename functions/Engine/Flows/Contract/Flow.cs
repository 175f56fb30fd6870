using System.Text.Json;

namespace SnapshotFunctions.Engine.Flows.Contract;

/// <summary>
/// A deterministic chain of steps: an orchestrator. It touches nothing but its context: no clock,
/// no random number, no I/O, no static state, no await of anything the context did not return.
/// It is replayed from its history after every restart and must then make the same calls in the
/// same order.
/// </summary>
public abstract class Flow
{
    /// <summary>The flow's name on every runner.</summary>
    public abstract string Name { get; }

    /// <summary>Runs the flow on input and result as JSON text; what runners call.</summary>
    public abstract Task<string> RunJsonAsync(IFlowContext context, string input);
}

/// <summary>A flow with its types.</summary>
public abstract class Flow<TIn, TOut>(FlowName<TIn, TOut> definition) : Flow
{
    /// <inheritdoc/>
    public override string Name => definition.Name;

    /// <inheritdoc/>
    public override async Task<string> RunJsonAsync(IFlowContext context, string input)
    {
        var parsed = JsonSerializer.Deserialize(input, definition.Input)
            ?? throw new JsonException($"The input of flow {Name} is null.");
        return JsonSerializer.Serialize(await RunAsync(context, parsed), definition.Output);
    }

    /// <summary>Chains the steps.</summary>
    public abstract Task<TOut> RunAsync(IFlowContext context, TIn input);
}
